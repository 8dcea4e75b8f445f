// Two things at a time: while DuckDB takes the rows of one file, the next is read, and two processors are busy.

/** Takes the items in their order. After an error no further one is begun; what is under way is waited for. */
export async function inPairs<T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<void> {
  const rest = items[Symbol.iterator]();
  let isBroken = false;
  const worker = async () => {
    for (let next = rest.next(); !next.done && !isBroken; next = rest.next()) {
      try {
        await work(next.value);
      } catch (error) {
        isBroken = true;
        throw error;
      }
    }
  };
  const ends = await Promise.allSettled([worker(), worker()]);
  for (const end of ends) if (end.status === "rejected") throw end.reason;
}
