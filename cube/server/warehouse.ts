// One in-memory DuckDB instance for the whole process. Every published snapshot is a read-only file attached to it,
// paired with a scratch database for the pre-aggregations built from it.
import { DuckDBInstance, type DuckDBConnection } from "@duckdb/node-api";
import { sqlString } from "../../shared/duckdb.ts";
import { OpenSnapshot } from "./open-snapshot.ts";

export interface WarehouseOptions {
  readonly threads: number;
  /** e.g. `2GB`. */
  readonly memoryLimit: string;
  /** Where large sorts and joins spill. */
  readonly temporaryDirectory: string;
  /** Besides the temporary one the only folder SQL may read from. */
  readonly publishedDirectory: string;
}

export class Warehouse {
  readonly #instance: DuckDBInstance;
  readonly #admin: DuckDBConnection;

  private constructor(instance: DuckDBInstance, admin: DuckDBConnection) {
    this.#instance = instance;
    this.#admin = admin;
  }

  static async create(options: WarehouseOptions): Promise<Warehouse> {
    const instance = await DuckDBInstance.create(":memory:", {
      threads: String(options.threads),
      memory_limit: options.memoryLimit,
      temp_directory: options.temporaryDirectory,
      autoinstall_known_extensions: "false",
      autoload_known_extensions: "false",
    });
    const admin = await instance.connect();
    // Cube casts naive timestamps to TIMESTAMPTZ, which reads them in the session's zone.
    await admin.run("SET GLOBAL TimeZone = 'UTC'");
    const folders = [options.publishedDirectory, options.temporaryDirectory].map((folder) => sqlString(`${folder}/`));
    await admin.run(`SET GLOBAL allowed_directories = [${folders.join(", ")}]`);
    await admin.run("SET GLOBAL enable_external_access = false");
    return new Warehouse(instance, admin);
  }

  /** Attaches a snapshot file; fails without side effects when the file is missing or unreadable. */
  async open(id: string, version: string, file: string): Promise<OpenSnapshot> {
    const data = `data_${id}`;
    const scratch = `scratch_${id}`;
    await this.#admin.run(`ATTACH ${sqlString(file)} AS ${data} (READ_ONLY)`);
    await this.#admin.run(`ATTACH ':memory:' AS ${scratch}`);
    return new OpenSnapshot(
      id,
      version,
      { data, scratch },
      {
        connect: async () => {
          const connection = await this.#instance.connect();
          await connection.run(`SET search_path = '${scratch}.main,${data}.main'`);
          return connection;
        },
        detach: async () => {
          await this.#admin.run(`DETACH ${data}`);
          await this.#admin.run(`DETACH ${scratch}`);
        },
      },
    );
  }

  close(): void {
    this.#admin.closeSync();
    this.#instance.closeSync();
  }
}
