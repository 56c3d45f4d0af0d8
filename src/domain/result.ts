/** A value, or a *no* with its evidence. Nothing in the domain throws for what a caller asks. */
export type Result<T, N> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly no: N }

export const yes = <T>(value: T): { readonly ok: true; readonly value: T } => ({ ok: true, value })

export const no = <N>(evidence: N): { readonly ok: false; readonly no: N } => ({ ok: false, no: evidence })
