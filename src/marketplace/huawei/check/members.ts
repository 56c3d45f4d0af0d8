import { asMembers, type Members, member } from '../../../format/members.ts'
import type { Case, Opens } from './scene.ts'

type Judge = NonNullable<Case['judge']>

/** Characters of an instance id in every family's table. */
const LONGEST_ID = 64

/** Reference 5.1, 6.3, 7.2, 8: every instance that is made has a name. */
export const namesInstance: Judge = ({ members }) => idFault(member(members, 'instanceId'))

/** Reference 5.1: the license is in the answer. */
export const bringsLicense: Judge = (answer, opens) => [
  ...(isText(member(answer.members, 'license')) ? [] : ['no license in the answer']),
  ...namesInstance(answer, opens),
]

/** Reference 7.3: the marketplace's checker wants the id of each, and two members of whatever usage is told. */
export const listsInstances: Judge = ({ members }) => {
  const info = member(members, 'info')
  if (!Array.isArray(info) || info.length === 0) return ['no instance in "info"']
  return info.flatMap((one) => instanceFaults(asMembers(one) ?? {}))
}

function instanceFaults(instance: Members): readonly string[] {
  const usage = member(instance, 'usageInfo') ?? member(instance, 'UsageInfo')
  const told = usage === undefined ? [] : [usage].flat().map((one) => asMembers(one) ?? {})
  const lacking = USAGE.filter((name) => told.some((one) => member(one, name) === undefined))
  return [
    ...idFault(member(instance, 'instanceId')),
    ...lacking.map((name) => `no "${name}" in the usage of an instance`),
  ]
}

const USAGE = ['usageValue', 'statisticalTime']

/** Reference 8: the marketplace's checker wants the page; a user name and a password are encrypted (3.7). */
export const opensPage: Judge = (answer, opens) => {
  const { members } = answer
  const page = asMembers(member(members, 'appInfo')) ?? {}
  return [
    ...namesInstance(answer, opens),
    ...(isText(member(page, 'frontEndUrl')) ? [] : ['no "frontEndUrl" in "appInfo"']),
    ...['userName', 'password'].flatMap((name) => sealedFault(members, name, member(page, name), opens)),
  ]
}

function sealedFault(members: Members, name: string, value: unknown, opens: Opens): readonly string[] {
  if (value === undefined || value === null || value === '') return []
  const type = `${member(members, 'encryptType') ?? '1'}`
  const isKnown = type === '1' || type === '2'
  if (typeof value === 'string' && isKnown && opens(type, value) !== null) return []
  return [`"${name}" does not open with the access key and encryptType ${type}`]
}

const isText = (value: unknown): boolean => typeof value === 'string' && value !== ''

function idFault(id: unknown): readonly string[] {
  if (typeof id !== 'string' || id === '') return ['no "instanceId"']
  return [...id].length <= LONGEST_ID ? [] : [`"instanceId" is longer than ${LONGEST_ID} characters`]
}
