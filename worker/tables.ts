import { D1Orm, DataTypes, Model, type Infer } from "d1-orm";

const text = { type: DataTypes.STRING, notNull: true } as const;
const integer = { type: DataTypes.INTEGER, notNull: true } as const;

/**
 * The tables that are only ever read and written row by row. The columns are those of migrations/, which own the schema.
 * d1-orm puts column names into SQL as they are: pass literal keys only, never an object that came from a client.
 */
export function tables(db: D1Database) {
  const orm = new D1Orm(db);
  return {
    users: new Model(
      { D1Orm: orm, tableName: "users", primaryKeys: "id" },
      {
        id: text,
        username: text,
        email: { type: DataTypes.STRING },
        display_name: text,
        password_hash: text,
        role: text,
        created_at: integer,
      },
    ),
    sessions: new Model(
      { D1Orm: orm, tableName: "sessions", primaryKeys: "token_hash" },
      { token_hash: text, user: text, created_at: integer, expires_at: integer },
    ),
    problems: new Model(
      { D1Orm: orm, tableName: "problems", primaryKeys: "id" },
      {
        id: text,
        slug: text,
        uuid: text,
        owner: text,
        state: text,
        package_hash: text,
        name: text,
        facts: text,
        report: text,
        imported_at: integer,
        /** 0 or 1. */
        shares_yardstick: integer,
      },
    ),
    judges: new Model(
      { D1Orm: orm, tableName: "judges", primaryKeys: "id" },
      {
        id: text,
        name: text,
        token_hash: text,
        created_at: integer,
        revoked_at: { type: DataTypes.INTEGER },
      },
    ),
  };
}

type Tables = ReturnType<typeof tables>;
export type UserRow = Infer<Tables["users"]>;
export type ProblemRow = Infer<Tables["problems"]>;
