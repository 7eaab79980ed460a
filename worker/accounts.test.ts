import { describe, expect, it } from "vitest";
import type { Account, AccountList, NewPassword, SessionView } from "../protocol/account.ts";
import { bindings, signedUp, Visitor } from "./testing.ts";

const codeOf = async (response: Response): Promise<string> => (await response.json<{ code: string }>()).code;

/**
 * Guesses until that is limited, and tells how many wrong guesses went before. The limit counts by the minutes of the
 * clock, so that a test which a new minute begins in may guess twice as often.
 */
async function untilLimited(guess: (at: number) => Promise<string>, limit: number): Promise<number> {
  for (let at = 0; at <= 2 * limit; at++) {
    const code = await guess(at);
    if (code === "rate_limited") return at;
    expect(code).toBe("wrong_credentials");
  }
  throw new Error(`${2 * limit + 1} guesses, and no limit`);
}

describe("signing up and in", () => {
  it("signs a new account in at once, as a member", async () => {
    const ana = new Visitor();
    const { account } = await ana.post<SessionView>("/api/accounts", {
      username: "ana",
      password: "long enough",
    });
    expect(account).toMatchObject({ username: "ana", displayName: "ana", role: "member" });
    expect((await ana.get<SessionView>("/api/session")).account?.username).toBe("ana");
  });

  it("accepts the username in any case, and the e-mail address", async () => {
    await new Visitor().post("/api/accounts", {
      username: "Bia",
      email: "bia@example.org",
      password: "long enough",
    });
    for (const login of ["bia", "BIA", "bia@example.org"]) {
      const { account } = await new Visitor().post<SessionView>("/api/session", {
        login,
        password: "long enough",
      });
      expect(account?.username).toBe("Bia");
    }
  });

  it("refuses a username that differs only in case from a taken one", async () => {
    await new Visitor().post("/api/accounts", { username: "carla", password: "long enough" });
    const response = await new Visitor().call("POST", "/api/accounts", {
      username: "CARLA",
      password: "long enough",
    });
    expect([response.status, await codeOf(response)]).toEqual([409, "name_taken"]);
  });

  it("says the same of a wrong password and of an unknown name", async () => {
    await new Visitor().post("/api/accounts", { username: "davi", password: "long enough" });
    const answers = await Promise.all(
      ["davi", "nobody-here"].map((login) =>
        new Visitor().call("POST", "/api/session", { login, password: "wrong" }),
      ),
    );
    const bodies = await Promise.all(answers.map((answer) => answer.json()));
    expect(answers.map(({ status }) => status)).toEqual([401, 401]);
    expect(bodies[0]).toEqual(bodies[1]);
  });

  it("stops guessing after ten tries a minute for one name, and lets others in meanwhile", async () => {
    await new Visitor().post("/api/accounts", { username: "edu", password: "long enough" });
    await new Visitor().post("/api/accounts", { username: "fabi", password: "long enough" });
    const guess = async (at: number): Promise<string> =>
      codeOf(await new Visitor().call("POST", "/api/session", { login: "edu", password: `guess ${at}` }));
    expect(await untilLimited(guess, 10)).toBeGreaterThanOrEqual(10);
    await new Visitor().post("/api/session", { login: "fabi", password: "long enough" });
  });

  it("stops guessing after sixty tries a minute for one name, whatever address each claims to come from", async () => {
    await new Visitor().post("/api/accounts", { username: "gabi", password: "long enough" });
    const guess = async (at: number): Promise<string> => {
      const headers = { "cf-connecting-ip": `10.0.0.${at}` };
      return codeOf(
        await new Visitor().call("POST", "/api/session", { login: "gabi", password: "guess" }, headers),
      );
    };
    expect(await untilLimited(guess, 60)).toBeGreaterThanOrEqual(60);
  });

  it("gives the cookie to HTTP only, and not to other sites", async () => {
    const response = await new Visitor().call("POST", "/api/accounts", {
      username: "gil",
      password: "long enough",
    });
    expect(response.headers.get("set-cookie")).toMatch(/HttpOnly; SameSite=Lax/);
  });

  it("keeps neither password nor cookie in the database", async () => {
    const hugo = new Visitor();
    const response = await hugo.call("POST", "/api/accounts", {
      username: "hugo",
      password: "very secret words",
    });
    const token = /session=([0-9a-f]+)/.exec(response.headers.get("set-cookie") ?? "")?.[1] ?? "";
    const users = await bindings.DB.prepare("SELECT * FROM users WHERE username = 'hugo'").first();
    const { results: sessions } = await bindings.DB.prepare("SELECT * FROM sessions").all();
    expect(JSON.stringify(users)).not.toContain("very secret words");
    expect(token).not.toBe("");
    expect(JSON.stringify(sessions)).not.toContain(token);
  });

  it("forgets the session on signing out", async () => {
    const iris = await signedUp();
    const copy = await bindings.DB.prepare("SELECT COUNT(*) AS n FROM sessions").first<number>("n");
    await iris.call("DELETE", "/api/session");
    expect((await iris.get<SessionView>("/api/session")).account).toBeNull();
    expect(await bindings.DB.prepare("SELECT COUNT(*) AS n FROM sessions").first<number>("n")).toBe(
      (copy ?? 0) - 1,
    );
  });

  it("ends every other session when the password changes", async () => {
    const here = await signedUp();
    const there = new Visitor();
    await there.post("/api/session", { login: here.username, password: "correct horse" });
    await here.post("/api/session/password", { current: "correct horse", password: "battery staple" });
    expect((await there.get<SessionView>("/api/session")).account).toBeNull();
    expect((await here.get<SessionView>("/api/session")).account?.username).toBe(here.username);
  });
});

describe("administrators", () => {
  it("make an organiser of a member", async () => {
    const [root, member] = [await signedUp("administrator"), await signedUp()];
    const { accounts } = await root.get<AccountList>("/api/accounts");
    const id = accounts.find(({ username }) => username === member.username)?.id ?? "";
    await root.call("PATCH", `/api/accounts/${id}`, { role: "organiser" });
    expect((await member.get<SessionView>("/api/session")).account?.role).toBe("organiser");
  });

  it("cannot take away their own role", async () => {
    const root = await signedUp("administrator");
    const account = (await root.get<SessionView>("/api/session")).account as Account;
    const response = await root.call("PATCH", `/api/accounts/${account.id}`, { role: "member" });
    expect([response.status, await codeOf(response)]).toEqual([403, "forbidden"]);
  });

  it("reset a password, which ends the old sessions and works at once", async () => {
    const [root, member] = [await signedUp("administrator"), await signedUp()];
    const { account } = await member.get<SessionView>("/api/session");
    const { password } = await root.post<NewPassword>(`/api/accounts/${account?.id}/password`);
    expect((await member.get<SessionView>("/api/session")).account).toBeNull();
    await new Visitor().post("/api/session", { login: member.username, password });
  });

  it.each([
    ["GET", "/api/accounts"],
    ["PATCH", "/api/accounts/x"],
    ["POST", "/api/accounts/x/password"],
    ["POST", "/api/problems"],
    ["GET", "/api/organise/problems"],
    ["POST", "/api/contests"],
  ])("a member may not %s %s", async (method, path) => {
    const response = await (await signedUp()).call(method, path, method === "GET" ? undefined : {});
    expect([response.status, await codeOf(response)]).toEqual([403, "forbidden"]);
  });
});
