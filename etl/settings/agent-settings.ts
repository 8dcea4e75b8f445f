// What is told of the people who answer (`agents` in aftersight.yml): `staging.agent_settings(show_names, least_cases)`, one row.
import type { DuckDBConnection } from "@duckdb/node-api";
import { z } from "zod";

/** Keys of the settings. */
export const agentSettings = {
  agents: z
    .strictObject({
      /** Publishes agents' names; without it they stay pseudonyms. */
      show_names: z.boolean().default(false),
      /** Of fewer cases no rate and no time of an agent is told. */
      least_cases: z.int().min(1).default(20),
    })
    .prefault({}),
};

export type AgentSettings = { readonly agents: z.infer<typeof agentSettings.agents> };

export async function createAgentTables(connection: DuckDBConnection, { agents }: AgentSettings): Promise<void> {
  await connection.run(
    `create table staging.agent_settings as select ${agents.show_names} as show_names, ${agents.least_cases}::bigint as least_cases`,
  );
}
