import type pg from 'pg'

/** Bytes per license by table, its indexes and what lies out of line included; replay marks left out. */
export async function postgresSizes(client: pg.Client, count: number): Promise<Record<string, number>> {
  const { rows } = await client.query<{ table: string; bytes: string }>(
    `select relname as table, pg_total_relation_size(oid) as bytes from pg_class
     where relname in ('licenses', 'license_events', 'customers', 'answers', 'answer_forms') and relkind = 'r'
     order by relname`,
  )
  return Object.fromEntries(rows.map(({ table, bytes }) => [table, Number(bytes) / count]))
}
