import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A certificate for `localhost` that nobody trusts; null where there is no openssl to make one. */
export function selfSigned(): { readonly key: string; readonly cert: string } | null {
  const directory = mkdtempSync(join(tmpdir(), 'licet-tls-'))
  const [key, certificate] = [join(directory, 'key.pem'), join(directory, 'certificate.pem')]
  const made = [
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-days',
    '2',
  ]
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost']
  try {
    const { status } = spawnSync('openssl', [...made, ...subject, '-keyout', key, '-out', certificate])
    return status === 0 ? { key: readFileSync(key, 'utf8'), cert: readFileSync(certificate, 'utf8') } : null
  } finally {
    rmSync(directory, { recursive: true })
  }
}
