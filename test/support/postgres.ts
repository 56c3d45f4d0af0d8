import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { inject, onTestFinished } from 'vitest'
import { runName, startPostgres } from './postgres-server.ts'

/** What the process that started the server leaves for the others. */
export type Started =
  | { readonly url: string; readonly pid: number }
  | { readonly url: null; readonly pid?: undefined }

/** Null, after a loud word, where PostgreSQL brings no binaries for this machine. */
export const hasPostgres = async (): Promise<boolean> => (await postgresUrl()) !== null

let url: Promise<string | null> | undefined

/**
 * The server of this run, without a database at the end: LICET_TEST_POSTGRES_URL, or one that whoever asks first
 * starts.
 */
export function postgresUrl(): Promise<string | null> {
  url ??= given() ?? startedOnce(inject('postgresDirectory'))
  return url
}

function given(): Promise<string> | undefined {
  const text = process.env.LICET_TEST_POSTGRES_URL
  return text === undefined ? undefined : Promise.resolve(text)
}

async function startedOnce(directory: string): Promise<string | null> {
  if (isFirst(directory)) writeAtOnce(directory, await start(directory))
  for (;;) {
    const started = read(directory)
    if (started?.url === null)
      console.warn('PostgreSQL is NOT tested: there are no binaries of it for this machine')
    if (started !== null) return started.url
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

async function start(directory: string): Promise<Started | { readonly failed: string }> {
  try {
    const server = await startPostgres(directory)
    return server === null ? { url: null } : { url: server.url, pid: server.pid }
  } catch (thrown) {
    return { failed: String(thrown) }
  }
}

function isFirst(directory: string): boolean {
  try {
    mkdirSync(join(directory, 'claimed'))
    return true
  } catch {
    return false
  }
}

function writeAtOnce(directory: string, value: object): void {
  const file = join(directory, 'started')
  writeFileSync(`${file}.new`, JSON.stringify(value))
  renameSync(`${file}.new`, file)
}

function read(directory: string): Started | null {
  let text: string
  try {
    text = readFileSync(join(directory, 'started'), 'utf8')
  } catch {
    return null
  }
  const value: Started | { readonly failed: string } = JSON.parse(text)
  if ('failed' in value) throw new Error(value.failed)
  return value
}

/** The URL of an empty database of its own, for a whole program; gone when the test ends. */
export async function newPostgresDatabase(): Promise<string> {
  const name = freshName()
  await administer(`create database ${name}`)
  onTestFinished(() => administer(`drop database if exists ${name} with (force)`))
  return (await databaseUrl(name)).href
}

/** The URL of an empty schema, which costs less than a database; gone when the run ends. */
export async function newPostgresSchema(): Promise<string> {
  const name = freshName()
  await administer(`create schema ${name}`)
  const url = await databaseUrl('postgres')
  url.searchParams.set('options', `-c search_path=${name}`)
  return url.href
}

/** Begins as everything does that this run makes on a server which outlives it. */
const freshName = (): string => `${runName(inject('postgresDirectory'))}_${randomBytes(6).toString('hex')}`

async function databaseUrl(name: string): Promise<URL> {
  const url = new URL((await postgresUrl())!)
  url.pathname = `/${name}`
  return url
}

let administrator: Promise<pg.Client> | undefined

/** Past every store, as the administrator of the server. */
export async function administer(sql: string): Promise<void> {
  administrator ??= connected((await databaseUrl('postgres')).href)
  await (await administrator).query(sql)
}

/** What the database at this URL answers, past every store. */
export async function asked(url: string, sql: string): Promise<readonly Record<string, unknown>[]> {
  const client = await connected(url)
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

/** A connection that breaks with its server is no concern of the test that is over by then. */
export async function connected(url: string): Promise<pg.Client> {
  const client = new pg.Client(url)
  client.on('error', () => {})
  await client.connect()
  return client
}
