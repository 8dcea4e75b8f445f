// SCRATCH, not committed: empty tables until the real file replaces this one.
export async function detectAnomalies(
  connection: { run(sql: string): Promise<unknown> },
  _options: { asOfDate: string; report: (message: string) => void },
) {
  await connection.run(
    "create table main.anomaly_series(series_id varchar); create table main.anomaly_points(series_id varchar); create table main.anomalies(anomaly_id varchar)",
  );
}
