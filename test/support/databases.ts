import { randomBytes } from 'node:crypto'
import { afterAll } from 'vitest'
import { administer, hasPostgres, postgresUrl } from './postgres.ts'

/** A fresh database, as the environment names it. */
type NewDatabase = () => Promise<NodeJS.ProcessEnv>

/** The engines that a journey runs on. Where there is no PostgreSQL for this machine, a loud word says so. */
export const DATABASES: readonly (readonly [string, NewDatabase])[] = [
  ['SQLite', async () => ({})],
  ...((await hasPostgres()) ? [['PostgreSQL', newPostgres] as const] : []),
]

const made: string[] = []
afterAll(async () => {
  for (const name of made.splice(0)) await administer(`drop database if exists ${name} with (force)`)
})

/** For a whole file of journeys, whose programs have it open. */
export async function newPostgres(): Promise<{ readonly LICET_DATABASE_URL: string }> {
  const name = `licet_journey_${randomBytes(6).toString('hex')}`
  await administer(`create database ${name}`)
  made.push(name)
  const url = new URL((await postgresUrl())!)
  url.pathname = `/${name}`
  return { LICET_DATABASE_URL: url.href }
}
