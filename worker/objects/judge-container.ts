import { DurableObject } from "cloudflare:workers";
import { randomToken, sha256 } from "../digest.ts";
import { judgeQueue, type Env } from "../env.ts";

const LOOK_MS = 60_000;

/** A container without work for so long is ended. */
const IDLE_MS = 10 * 60_000;

/** A judge that gets SIGHUP takes no more work, finishes what it has, and ends. */
const SIGHUP = 1;

/**
 * A judge in a container of the platform's (judge/Dockerfile), for deployments with a section `containers`:
 *
 *     away --want()--> running with a new token: connects to JudgeQueue like any other judge
 *      ^                  |
 *      |                  +- looked at every minute: nothing waited for 10 minutes -> told to finish and end
 *      '------------------+- ended, by that or by the platform: its token is revoked
 *
 * Where there is no container, wanting one does nothing.
 */
export class JudgeContainer extends DurableObject<Env> {
  #wantedAt = Date.now();

  /**
   * Says that work waits: starts the judge unless it runs.
   *
   * @param name - of the judge in lists; its id too
   * @param site - the address that it connects to
   */
  async want(name: string, site: string): Promise<void> {
    const { container } = this.ctx;
    if (container === undefined) return;
    this.#wantedAt = Date.now();
    // Two that want it at the same time get one container.
    await this.ctx.blockConcurrencyWhile(async () => {
      if (container.running) return;
      const token = randomToken();
      await this.env.DB.prepare(
        `INSERT INTO judges (id, name, token_hash, created_at) VALUES (?1, ?1, ?2, ?3)
         ON CONFLICT (id) DO UPDATE SET token_hash = excluded.token_hash, revoked_at = NULL`,
      )
        .bind(name, await sha256(token), Date.now())
        .run();
      await this.ctx.storage.put("name", name);
      await this.ctx.storage.setAlarm(Date.now() + LOOK_MS);
      // For its way to the site alone: programs that are judged have no network, whatever their container has.
      container.start({
        enableInternet: true,
        env: { JUDGE_URL: site, JUDGE_TOKEN: token, JUDGE_NAME: name },
      });
    });
  }

  override async alarm(): Promise<void> {
    const { container } = this.ctx;
    if (container?.running) {
      const { waiting } = await judgeQueue(this.env).status();
      if (waiting > 0) this.#wantedAt = Date.now();
      if (Date.now() - this.#wantedAt >= IDLE_MS) container.signal(SIGHUP);
      await this.ctx.storage.setAlarm(Date.now() + LOOK_MS);
      return;
    }
    await this.env.DB.prepare("UPDATE judges SET revoked_at = ?2 WHERE id = ?1")
      .bind((await this.ctx.storage.get<string>("name")) ?? "", Date.now())
      .run();
  }
}
