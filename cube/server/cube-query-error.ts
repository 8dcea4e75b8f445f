import { AppError, type AppErrorOptions } from "../../shared/errors.ts";

/** Cube refused or failed a query. */
export class CubeQueryError extends AppError {
  /** As over HTTP: below 500 the query is at fault. */
  readonly status: number;

  constructor(message: string, status: number, options: AppErrorOptions = {}) {
    super(message, options);
    this.status = status;
  }
}
