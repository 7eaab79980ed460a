import { useRoute } from "preact-iso";
import { AwardsView } from "../../protocol/award.ts";
import { Board, type ContestView } from "../../protocol/contest.ts";
import { lastEndAt } from "../../rules/contest-times.ts";
import { type FormatRow, rankTeams } from "../../rules/formats/board.ts";
import { request } from "../api.ts";
import { useContest } from "../contest.ts";
import { locale, t } from "../i18n.ts";
import { useLoaded } from "../load.ts";
import { Await } from "../parts/await.tsx";
import { PrintPage } from "../parts/print-page.tsx";
import { awardText } from "../resolver-texts.ts";
import "../locales/print.ts";

/** A certificate for each team that took part, one a page; from final results only. */
export default function PrintCertificates() {
  const slug = useRoute().params.slug ?? "";
  const contest = useContest(slug);
  const loading = useLoaded(`certificates ${slug}`, async (signal) => {
    const [board, { awards }] = await Promise.all([
      request(Board, `/api/contests/${slug}/scoreboard`, { signal }),
      request(AwardsView, `/api/contests/${slug}/awards`, { signal }),
    ]);
    return { board, awards };
  });
  return (
    <Await loading={contest}>
      {(view) => (
        <Await loading={loading}>
          {({ board, awards }) => (
            <PrintPage contest={view} heading={t("print.certificates")}>
              <Certificates contest={view} board={board} awards={awards} />
            </PrintPage>
          )}
        </Await>
      )}
    </Await>
  );
}

interface Props {
  contest: ContestView;
  board: Board;
  awards: AwardsView["awards"];
}

function Certificates({ contest, board, awards }: Props) {
  const { state, boardFrozen } = board.status;
  if (state !== "finalised" || boardFrozen) return <p class="empty">{t("print.certificatesWhen")}</p>;
  const rows = rankTeams(board.format, board.teams, board.cells).filter(({ cells }) => cells.size > 0);
  if (rows.length === 0) return <p class="empty">{t("print.nobody")}</p>;
  const endedAt = lastEndAt(board.timed.times);
  return (
    <>
      {rows.map((row) => (
        <Certificate
          key={row.team.id}
          contest={contest}
          row={row}
          teams={board.teams.length}
          hasPoints={board.format.type !== "icpc"}
          citations={awards
            // The rank stands on every certificate.
            .filter(({ teams, citation }) => teams.includes(row.team.id) && citation.key !== "rank")
            .map((award) => awardText(award, board))}
          endedAt={endedAt}
        />
      ))}
    </>
  );
}

interface CertificateProps {
  contest: ContestView;
  row: FormatRow;
  teams: number;
  hasPoints: boolean;
  citations: readonly string[];
  endedAt: number | null;
}

function Certificate({ contest, row, teams, hasPoints, citations, endedAt }: CertificateProps) {
  const { team, rank, totals } = row;
  const date = new Intl.DateTimeFormat(locale.value, { dateStyle: "long" });
  return (
    <section class="sheet certificate" aria-label={t("print.certificateOf", { team: team.name })}>
      <p>{t("print.certificate")}</p>
      <h2 class="sheet-title">{team.name}</h2>
      {team.organisation === null ? null : <p>{team.organisation}</p>}
      <p>{t("print.tookPart", { contest: contest.name })}</p>
      <p>
        <strong>{t("print.reached", { rank, teams })}</strong>
      </p>
      <p>
        {hasPoints
          ? t("print.withPoints", { points: totals.points })
          : t("print.withSolved", { count: totals.solved })}
      </p>
      {citations.map((citation) => (
        <p key={citation}>
          <strong>{citation}</strong>
        </p>
      ))}
      {endedAt === null ? null : <p>{date.format(endedAt)}</p>}
      <p class="signature">{t("print.signature")}</p>
    </section>
  );
}
