import type { DuckDBConnection } from "@duckdb/node-api";
import type { DataDirectory } from "../../shared/data-directory.ts";
import type { Extract } from "../files/extract.ts";
import type { Report } from "../progress/progress.ts";
import type { RunAccount } from "../runs/run-account.ts";
import type { RunSettings } from "../settings/run-settings.ts";
import type { ServedFacts } from "../snapshots/publish.ts";
import type { SellerTaxonomy } from "../taxonomy/seller-taxonomy.ts";

export interface BuildContext {
  readonly connection: DuckDBConnection;
  readonly data: DataDirectory;
  readonly extract: Extract;
  readonly settings: RunSettings;
  readonly taxonomy: SellerTaxonomy | null;
  readonly hashKey: string;
  readonly forgotten: readonly string[];
  readonly fingerprint: string;
  readonly served: ServedFacts | undefined;
  /** The served version, where it was made of the same exports: fewer rows then mean a loss. */
  readonly comparable: ServedFacts | undefined;
  readonly now: Date;
  readonly force: boolean;
  readonly acceptLosses: boolean;
  readonly account: RunAccount;
  readonly report: Report;
  readonly signal?: AbortSignal;
}
