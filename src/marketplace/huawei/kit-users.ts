import type { KitEntry, KitFacts } from '../../authority/kit-entry.ts'
import { itemsOf, shown } from './kit-lists.ts'
import { ID } from './orders.ts'
import type { FieldReader, FieldSource } from './wire.ts'

/** The document's own limit (reference 9.3). */
const MOST_USERS = 500
/** No document gives lengths for what a user has. */
const LONGEST = 255

const OPTIONAL = ['position', 'employeeCode', 'mobile', 'email'] as const
const OF_EMPLOYEE = ['employeeType', 'workPlace', 'entryDate'] as const

/** Who may use an application. A user is known by `userName`; everything that says who it is counts as personal. */
export function readUsers(
  fields: FieldReader,
  source: FieldSource,
  appId: string,
  isDeletion: boolean,
): readonly KitEntry[] {
  return itemsOf(fields, source, 'userList', MOST_USERS, (user) => {
    const userName = user.text('userName', LONGEST)
    return {
      key: `${appId}\n${userName}`,
      facts: isDeletion ? null : factsOf(user, appId, userName),
    }
  })
}

function factsOf(user: FieldReader, appId: string, userName: string): NonNullable<KitEntry['facts']> {
  const open = {
    appId,
    orgCode: user.text('orgCode', ID),
    role: user.oneOf('role', ['user', 'admin']),
    enable: user.oneOf('enable', ['true', 'false']),
  }
  const name = shown(user, 'name', LONGEST)
  const employee = user.inside('extension')
  return {
    open,
    personal: { userName, name, ...sent(user, OPTIONAL), ...(employee && sent(employee, OF_EMPLOYEE)) },
  }
}

/** Those that were sent and are not empty. */
function sent(fields: FieldReader, names: readonly string[]): KitFacts {
  const values = names.map((name) => [name, fields.display(name, LONGEST)] as const)
  return Object.fromEntries(values.flatMap(([name, value]) => (value === null ? [] : [[name, value]])))
}
