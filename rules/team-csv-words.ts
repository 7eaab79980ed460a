import { TeamColumn } from "../protocol/team-list.ts";

/** What people call the columns, in English, Portuguese and Chinese: without accents, capitals, blanks and signs. */
const words: Readonly<Record<TeamColumn, string>> = {
  name: `team teams teamname name nameofteam displayname participant contestant
    equipe equipes nomedaequipe time nomedotime nome equipa participante
    队伍 队名 队伍名 队伍名称 团队 团队名称 名称 参赛队 参赛队伍 隊伍 隊名`,
  group: `group groupname groupid category division class site
    grupo categoria divisao turma classe sede serie
    组 组别 分组 小组 班级 类别 赛区 組別 班級`,
  organisation: `organisation organization school university college institution affiliation
    organizacao escola colegio universidade faculdade instituicao instituto campus
    学校 单位 机构 大学 学院 院校 组织 學校 單位 機構`,
  members: `member members student students teammember teammembers contestants players
    membro membros integrante integrantes aluno alunos aluna alunas estudante estudantes participantes componentes
    成员 队员 队员姓名 学生 选手 成員 隊員 學生`,
  seat: `seat room location desk table lab workstation computer
    assento lugar sala mesa bancada laboratorio local maquina computador
    座位 座位号 座号 机位 房间 教室 机房 座位號 房間`,
  username: `username user login userid account accountname handle
    usuario nomedeusuario utilizador conta
    用户名 用户 账号 帐号 登录名 账户 用戶名 帳號`,
  password: "password pass passwd senha palavrapasse 密码 口令 密碼",
  email: `email emailaddress mail correio correioeletronico enderecodeemail
    邮箱 电子邮件 电子邮箱 邮件 电邮 電子郵件 郵箱`,
  number: "teamnumber teamid numerodaequipe numerodotime 队号 队伍编号 隊號",
  icpcId: "icpcid externalid reservationid",
};

const columnOfWord: ReadonlyMap<string, TeamColumn> = new Map(
  TeamColumn.options.flatMap((column) => words[column].split(/\s+/).map((word) => [word, column])),
);

/**
 * The column that a cell of a header line names; null for none that is known. Members may be numbered ("Member 2"); a
 * "Team 2" is a team and no header.
 */
export function columnNamed(cell: string): TeamColumn | null {
  const bare = cell
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[\p{M}\s\p{Pd}_.:#*()[\]/'"]/gu, "");
  const named = columnOfWord.get(bare) ?? null;
  if (named !== null) return named;
  return columnOfWord.get(bare.replace(/\p{N}+$/u, "")) === "members" ? "members" : null;
}
