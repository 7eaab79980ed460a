import { useEffect, useRef, useState } from "preact/hooks";
import { Account, AccountList, NewPassword, Role, type ChangeAccount } from "../../protocol/account.ts";
import { asApiError, errorText, request } from "../api.ts";
import { t } from "../i18n.ts";
import { useLoaded } from "../load.ts";
import { Await } from "../parts/await.tsx";
import { Copy } from "../parts/copy.tsx";
import { Notice } from "../parts/notice.tsx";
import { Page } from "../parts/page.tsx";
import { SignedIn } from "../parts/signed-in.tsx";
import { TableScroll } from "../parts/table-scroll.tsx";
import { When } from "../parts/when.tsx";

export default function AdminAccounts() {
  return (
    <SignedIn title={t("nav.accounts")} only="administrator">
      {(me) => <Accounts me={me} />}
    </SignedIn>
  );
}

/** A password made by the server for somebody; shown once and kept nowhere. */
interface Shown {
  username: string;
  password: string;
}

function Accounts({ me }: { me: Account }) {
  const loading = useLoaded("accounts", (signal) => request(AccountList, "/api/accounts", { signal }));
  const [query, setQuery] = useState("");
  const [wrong, setWrong] = useState<string | null>(null);
  const [shown, setShown] = useState<Shown | null>(null);

  const attempt = (work: Promise<void>): void => {
    setWrong(null);
    work.catch((thrown: unknown) => setWrong(errorText(asApiError(thrown))));
  };
  const changeRole = async (account: Account, body: ChangeAccount): Promise<void> => {
    await request(Account, `/api/accounts/${account.id}`, { method: "PATCH", body });
    loading.reload();
  };
  const resetPassword = async ({ id, username }: Account): Promise<void> => {
    const { password } = await request(NewPassword, `/api/accounts/${id}/password`, { method: "POST" });
    setShown({ username, password });
  };

  return (
    <Await loading={loading}>
      {({ accounts }) => (
        <Page title={t("nav.accounts")}>
          <search class="filters">
            <input
              type="search"
              aria-label={t("accounts.search")}
              placeholder={t("accounts.search")}
              value={query}
              onInput={(event) => setQuery(event.currentTarget.value)}
            />
            <span class="soft">{t("accounts.count", { count: accounts.length })}</span>
          </search>
          {wrong === null ? null : <Notice kind="error">{wrong}</Notice>}
          {shown === null ? null : <PasswordDialog shown={shown} close={() => setShown(null)} />}
          <AccountTable
            me={me}
            accounts={accounts.filter((account) => isMatch(account, query))}
            changeRole={(account, role) => attempt(changeRole(account, { role }))}
            resetPassword={(account) => attempt(resetPassword(account))}
          />
        </Page>
      )}
    </Await>
  );
}

function isMatch({ username, displayName, email }: Account, query: string): boolean {
  return `${username} ${displayName} ${email ?? ""}`.toLocaleLowerCase().includes(query.toLocaleLowerCase());
}

interface TableProps {
  me: Account;
  accounts: readonly Account[];
  changeRole: (account: Account, role: Role) => void;
  resetPassword: (account: Account) => void;
}

function AccountTable({ me, accounts, changeRole, resetPassword }: TableProps) {
  return (
    <TableScroll label={t("nav.accounts")}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t("signUp.username")}</th>
            <th scope="col">{t("signUp.displayName")}</th>
            <th scope="col">{t("signUp.email")}</th>
            <th scope="col">{t("accounts.role")}</th>
            <th scope="col">{t("accounts.since")}</th>
            <th scope="col">{t("account.password")}</th>
          </tr>
        </thead>
        <tbody>
          {accounts.map((account) => (
            <tr key={account.id}>
              <th scope="row">{account.username}</th>
              <td>{account.displayName}</td>
              <td>{account.email ?? ""}</td>
              <td>
                <RoleSelect
                  account={account}
                  mine={account.id === me.id}
                  change={(role) => changeRole(account, role)}
                />
              </td>
              <td class="nowrap">
                <When at={account.createdAt} />
              </td>
              <td>
                <ResetButton account={account} reset={() => resetPassword(account)} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableScroll>
  );
}

/** One's own role is not offered for change: an administrator could lock everybody out by a slip. */
function RoleSelect({
  account,
  mine,
  change,
}: {
  account: Account;
  mine: boolean;
  change: (role: Role) => void;
}) {
  if (mine) return <>{t(`role.${account.role}`)}</>;
  return (
    <select
      class="small"
      aria-label={t("accounts.roleOf", { name: account.username })}
      value={account.role}
      onChange={(event) => {
        const role = Role.options.find((one) => one === event.currentTarget.value);
        if (role) change(role);
      }}
    >
      {Role.options.map((role) => (
        <option key={role} value={role}>
          {t(`role.${role}`)}
        </option>
      ))}
    </select>
  );
}

/** Asks again before it takes somebody's password away. */
function ResetButton({ account, reset }: { account: Account; reset: () => void }) {
  const [sure, setSure] = useState(false);
  if (!sure) {
    return (
      <button
        type="button"
        class="small"
        aria-label={t("accounts.resetOf", { name: account.username })}
        onClick={() => setSure(true)}
      >
        {t("accounts.reset")}
      </button>
    );
  }
  return (
    <span class="actions">
      <button
        type="button"
        class="small danger"
        onClick={() => {
          setSure(false);
          reset();
        }}
      >
        {t("accounts.resetSure")}
      </button>
      <button type="button" class="small" onClick={() => setSure(false)}>
        {t("action.cancel")}
      </button>
    </span>
  );
}

function PasswordDialog({ shown, close }: { shown: Shown; close: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} onClose={close} aria-labelledby="new-password">
      <h2 id="new-password">{t("accounts.newPassword", { name: shown.username })}</h2>
      <p class="secret">
        <code>{shown.password}</code> <Copy text={shown.password} label={t("accounts.copyPassword")} />
      </p>
      <p class="hint">{t("accounts.shownOnce")}</p>
      <p class="actions">
        <button type="button" class="primary" onClick={() => dialog.current?.close()}>
          {t("action.close")}
        </button>
      </p>
    </dialog>
  );
}
