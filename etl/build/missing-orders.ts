// Orders that no file holds: some file begins in the middle of one, and no other has its beginning.

/** Rows of `main.quarantine` for them, one an order; which they are is known only when all files are together. */
export const MISSING_ORDERS = `
  select parts.source_system, 'orders' as entity, arg_min(files.path, (files.modified_at, files.path)) as path,
    arg_min(parts._row_no, (files.modified_at, files.path)) as row_no, 'ordered_at' as column_name,
    'missing_required' as reason, null::varchar as raw
  from staging.order_parts as parts
  anti join staging.orders as orders
    on parts.source_system = orders.source_system and parts.order_id = orders.order_id
  left join staging.files as files on parts._file_id = files.file_id
  where parts.is_continued
  group by parts.source_system, parts.order_id`;
