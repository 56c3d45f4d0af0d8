import ts from 'typescript'

/*
 * What the architecture test needs to know of a source file, read from its syntax tree: comments and
 * strings that merely speak of an import or of a clock do not count.
 */

export interface Source {
  /** Specifiers of everything the file imports: statically, by type, by re-export, dynamically. */
  readonly imports: readonly string[]
  /** Uses of the clock or of randomness that no argument brought: `Date.now`, `new Date()`, `Math.random`, … */
  readonly ambience: readonly string[]
}

export function readSource(path: string, text: string): Source {
  const nodes = nodesOf(path, text)
  return { imports: nodes.flatMap(importOf), ambience: nodes.flatMap(ambientUse) }
}

function importOf(node: ts.Node): readonly string[] {
  const specifier = specifierOf(node)
  return specifier && ts.isStringLiteralLike(specifier) ? [specifier.text] : []
}

function specifierOf(node: ts.Node): ts.Node | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return node.moduleSpecifier
  if (ts.isExternalModuleReference(node)) return node.expression
  if (ts.isImportTypeNode(node))
    return ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined
  if (ts.isCallExpression(node) && isLoader(node.expression)) return node.arguments[0]
  return undefined
}

const isLoader = (callee: ts.Expression): boolean =>
  callee.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(callee) && callee.text === 'require')

function ambientUse(node: ts.Node): readonly string[] {
  const use = memberUse(node) ?? dateWithoutArguments(node)
  return use === null ? [] : [use]
}

const AMBIENT_MEMBERS: readonly string[] = ['Date.now', 'Math.random', 'performance.now', 'crypto.randomUUID']

/** Also through `globalThis`, and with the member's name in brackets or destructured. */
function memberUse(node: ts.Node): string | null {
  if (ts.isIdentifier(node) && node.text === 'randomUUID') return 'crypto.randomUUID'
  const [object, member] = memberOf(node)
  const name = `${object}.${member}`
  return member !== 'randomUUID' && AMBIENT_MEMBERS.includes(name) ? name : null
}

function memberOf(node: ts.Node): readonly [string, string] {
  if (ts.isPropertyAccessExpression(node)) return [lastName(node.expression), node.name.text]
  if (ts.isElementAccessExpression(node) && ts.isStringLiteralLike(node.argumentExpression)) {
    return [lastName(node.expression), node.argumentExpression.text]
  }
  if (ts.isBindingElement(node) && ts.isVariableDeclaration(node.parent.parent)) {
    const { initializer } = node.parent.parent
    return [initializer ? lastName(initializer) : '', (node.propertyName ?? node.name).getText()]
  }
  return ['', '']
}

function lastName(expression: ts.Expression): string {
  if (ts.isIdentifier(expression)) return expression.text
  return ts.isPropertyAccessExpression(expression) ? expression.name.text : ''
}

/** `new Date()`, `new Date` and `Date()` read the clock; `new Date(ms)` does not. */
function dateWithoutArguments(node: ts.Node): string | null {
  if (ts.isNewExpression(node) && lastName(node.expression) === 'Date') {
    return (node.arguments?.length ?? 0) === 0 ? 'new Date()' : null
  }
  return ts.isCallExpression(node) && lastName(node.expression) === 'Date' ? 'Date()' : null
}

function nodesOf(path: string, text: string): readonly ts.Node[] {
  const nodes: ts.Node[] = []
  const visit = (node: ts.Node): void => {
    nodes.push(node)
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true))
  return nodes
}
