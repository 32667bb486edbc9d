import ts from 'typescript'
import { forEachChild } from '../code/children.ts'
import type { References } from '../code/references.ts'
import {
  calleeName,
  enclosingFunction,
  type FunctionNode,
  isFunctionExpression,
  isFunctionNode,
  isMethodCall,
  unwrap,
  wrapperOf,
} from '../code/syntax.ts'
import type { TypeQuestions } from '../code/typeQuestions.ts'

/** Code that runs anew each time an input changes, and shows what it fetched. */
export interface Handler {
  /**
   * - `effect`: a React effect with dependencies, or a watcher;
   * - `input`: a handler of typing, which comes in quick succession.
   */
  readonly kind: 'effect' | 'input'
  /** The callback as a whole: for an effect, not the async function inside of it. */
  readonly callback: FunctionNode
  /** The names whose change makes it run anew; for an input handler, its parameters. */
  readonly inputs: ReadonlySet<string>
  /** Those of them that surely change while the view is shown: its own state, what the address says, what is typed. */
  readonly lively: ReadonlySet<string>
}

const EFFECTS = /^use(?:Layout|Insertion)?Effect$/u
const WATCHERS = /^watch$/u
const TYPING = /^on(?:Change|ChangeText|Input|InputChange|Search|SearchChange|KeyUp|ValueChange)$/u

/** The handler that a function is, or that it is called in. */
export function handlerOf(fn: FunctionNode, references: References, types: TypeQuestions): Handler | undefined {
  for (
    let at: FunctionNode | undefined = fn, depth = 0;
    at !== undefined && depth < 3;
    at = enclosingFunction(at), depth++
  ) {
    const own = ownHandler(at, references, types)
    if (own) return own
    if (isQueued(at)) return undefined
  }
  return undefined
}

/** `queue.push(async () => …)`: jobs of a queue run in the order in which they came. */
function isQueued(fn: FunctionNode): boolean {
  const { parent } = wrapperOf(fn)
  return isMethodCall(parent, 'push', 'add', 'enqueue', 'schedule', 'runExclusive')
}

function ownHandler(fn: FunctionNode, references: References, types: TypeQuestions): Handler | undefined {
  const { parent } = wrapperOf(fn)
  if (ts.isCallExpression(parent) && isFunctionExpression(fn)) {
    const name = calleeName(parent) ?? ''
    if (EFFECTS.test(name) && parent.arguments[0] === wrapperOf(fn)) {
      const list = parent.arguments[1] && unwrap(parent.arguments[1])
      if (!list || !ts.isArrayLiteralExpression(list)) return undefined
      const changing = list.elements.filter((element) => isChanging(element, types))
      const textsOf = (elements: readonly ts.Expression[]): ReadonlySet<string> =>
        new Set(elements.map((element) => element.getText()))
      return withAliases({
        kind: 'effect',
        callback: fn,
        inputs: textsOf(changing),
        lively: textsOf(changing.filter((element) => isLively(element, references, types))),
      })
    }
    if (WATCHERS.test(name) && !isMethodCall(parent) && parent.arguments[1] === wrapperOf(fn)) {
      const inputs = new Set(parameterNames(fn))
      return { kind: 'effect', callback: fn, inputs, lively: inputs }
    }
    return undefined
  }
  if (ts.isJsxExpression(parent) && ts.isJsxAttribute(parent.parent) && TYPING.test(parent.parent.name.getText())) {
    const inputs = new Set(parameterNames(fn))
    return { kind: 'input', callback: fn, inputs, lively: inputs }
  }
  return undefined
}

/** Functions among the dependencies are there for the linter of hooks, and seldom change; without types, names tell them. */
function isChanging(element: ts.Expression, types: TypeQuestions): boolean {
  if (ts.isOmittedExpression(element)) return false
  if (types.isUntyped(element)) return !FUNCTION_NAMES.test(lastNameOf(element))
  return types.returnsThenable(element) === 'never' && !types.hasMethod(element, ['call'])
}

const FUNCTION_NAMES =
  /^(?:on|handle|fetch|load|get|set|refresh|reload|update|dispatch|navigate|show|hide|open|close|toggle|render|run|do|reset|clear)(?=$|[A-Z])|^(?:t|i18n|toast|router|history|api|client|navigation)$|(?:Fn|Callback|Handler)$/u

const LIVELY =
  /quer(?:y|ies)$|search|term$|filter|keyword|typed|page(?:Index|Number)?$|tab$|selected|selection$|debounced|deferred|^current|^active/iu

/**
 * A prop is most often the same for as long as its component lives, unless the file shows that it is given what changes;
 * state and parameters of the address are not.
 */
function isLively(element: ts.Expression, references: References, types: TypeQuestions): boolean {
  const inner = unwrap(element)
  if (LIVELY.test(lastNameOf(inner)) || isFieldOfForm(inner, types)) return true
  const root = ts.isPropertyAccessExpression(inner) ? unwrap(inner.expression) : inner
  if (!ts.isIdentifier(root)) return false
  const declaration = types.localSymbol(root)?.valueDeclaration
  if (isLivelyState(declaration, references) || isChosenFromLively(declaration, references, types)) return true
  return (
    declaration !== undefined
    && givenFor(declaration, references).some(
      (given) => ts.isIdentifier(given) && isLivelyState(types.localSymbol(given)?.valueDeclaration, references),
    )
  )
}

/** `form.values.name` of `const form = useFormik(…)`: what is typed, with every key. */
function isFieldOfForm(element: ts.Expression, types: TypeQuestions): boolean {
  const values = ts.isPropertyAccessExpression(element) ? unwrap(element.expression) : undefined
  if (!values || !ts.isPropertyAccessExpression(values) || values.name.text !== 'values') return false
  const form = unwrap(values.expression)
  return ts.isIdentifier(form) && madeBy(types.localSymbol(form)?.valueDeclaration, /^use(?:Formik\w*|Form)$/u)
}

/**
 * Whether a name holds state, or a parameter of the address. State counts where its setter is used, and not only when a
 * field loses the focus or an effect runs: who fills in a form seldom does so twice within one request.
 */
function isLivelyState(declaration: ts.Declaration | undefined, references: References): boolean {
  if (!madeBy(declaration, STATE_HOOKS)) return false
  if (!declaration || !ts.isBindingElement(declaration) || !ts.isArrayBindingPattern(declaration.parent)) return true
  const setter = declaration.parent.elements[1]
  if (!setter || ts.isOmittedExpression(setter) || !ts.isIdentifier(setter.name)) return false
  return references.of(setter.name).some((use) => !isSeldomRun(use))
}

/** `const id = idOfRoute ?? props.id`: what is chosen from state changes with it. What is computed by a call may well stay the same. */
function isChosenFromLively(
  declaration: ts.Declaration | undefined,
  references: References,
  types: TypeQuestions,
): boolean {
  if (!declaration || !ts.isVariableDeclaration(declaration) || !declaration.initializer) return false
  const comesFromLively = (node: ts.Expression): boolean => {
    const inner = unwrap(node)
    if (ts.isBinaryExpression(inner))
      return CHOICES.has(inner.operatorToken.kind) && (comesFromLively(inner.left) || comesFromLively(inner.right))
    if (ts.isConditionalExpression(inner)) return comesFromLively(inner.whenTrue) || comesFromLively(inner.whenFalse)
    return ts.isIdentifier(inner) && isLivelyState(types.localSymbol(inner)?.valueDeclaration, references)
  }
  return comesFromLively(declaration.initializer)
}

const CHOICES: ReadonlySet<ts.SyntaxKind> = new Set([ts.SyntaxKind.QuestionQuestionToken, ts.SyntaxKind.BarBarToken])

/** Whether a use of a setter stands in an effect, or in a handler of leaving a field or of sending a form. */
function isSeldomRun(use: ts.Node): boolean {
  return (
    ts.findAncestor(
      use,
      (at) =>
        (ts.isJsxAttribute(at) && /^on(?:Blur|Submit|FocusOut)$/u.test(at.name.getText()))
        || (ts.isCallExpression(at) && EFFECTS.test(calleeName(at) ?? '')),
    ) !== undefined
  )
}

const STATE_HOOKS =
  /^use(?:\w*State|Reducer|Params|SearchParams|Query\w*|Debounce\w*|Deferred\w*|Location|Route|Router)$/u

/** What the elements of this file give for a prop: `text` of `<List query={text} />` for `query` in `function List({ query })`. */
function givenFor(declaration: ts.Declaration, references: References): readonly ts.Expression[] {
  if (!ts.isBindingElement(declaration)) return []
  const parameter = ts.walkUpBindingElementsAndPatterns(declaration)
  if (!ts.isParameter(parameter) || !isFunctionNode(parameter.parent)) return []
  const component = parameter.parent
  const holder = wrapperOf(component).parent
  const name = component.name ?? (ts.isVariableDeclaration(holder) ? holder.name : undefined)
  if (!name || !ts.isIdentifier(name)) return []
  const prop = (declaration.propertyName ?? declaration.name).getText()
  return references.of(name).flatMap(({ parent }) => {
    if (!ts.isJsxSelfClosingElement(parent) && !ts.isJsxOpeningElement(parent)) return []
    const attribute = parent.attributes.properties.find(
      (candidate) => ts.isJsxAttribute(candidate) && candidate.name.getText() === prop,
    )
    const value = attribute && ts.isJsxAttribute(attribute) ? attribute.initializer : undefined
    return value && ts.isJsxExpression(value) && value.expression ? [unwrap(value.expression)] : []
  })
}

function lastNameOf(node: ts.Expression): string {
  const inner = unwrap(node)
  return ts.isPropertyAccessExpression(inner) ? inner.name.text : inner.getText()
}

function parameterNames(fn: FunctionNode): readonly string[] {
  return fn.parameters.flatMap(({ name }) => boundNames(name))
}

function boundNames(name: ts.BindingName): readonly string[] {
  if (ts.isIdentifier(name)) return [name.text]
  return name.elements.flatMap((element) => (ts.isOmittedExpression(element) ? [] : boundNames(element.name)))
}

/** The handler as a function inside of it sees it: what it is given of the inputs goes by the names of its parameters. */
export function withParameters(handler: Handler, fn: FunctionNode): Handler {
  const body = handler.callback.body
  const name =
    fn.name?.getText()
    ?? (ts.isVariableDeclaration(wrapperOf(fn).parent)
      ? (wrapperOf(fn).parent as ts.VariableDeclaration).name.getText()
      : undefined)
  if (fn === handler.callback || name === undefined || body === undefined) return handler
  const inputs = new Set(handler.inputs)
  const lively = new Set(handler.lively)
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === name) {
      for (const [index, { name: parameter }] of fn.parameters.entries()) {
        const given = node.arguments[index]
        if (given && speaksOf(given, handler.inputs)) inputs.add(parameter.getText())
        if (given && speaksOf(given, handler.lively)) lively.add(parameter.getText())
      }
    }
    forEachChild(node, visit)
  }
  visit(body)
  return { ...handler, inputs, lively }
}

/** `const text = form.values.text` at the head of an effect: what is computed from an input goes by another name. */
function withAliases(handler: Handler): Handler {
  const { body } = handler.callback
  if (body === undefined || !ts.isBlock(body)) return handler
  const inputs = new Set(handler.inputs)
  const lively = new Set(handler.lively)
  for (const statement of body.statements) {
    if (!ts.isVariableStatement(statement)) continue
    for (const { name, initializer } of statement.declarationList.declarations) {
      if (!initializer || isFunctionExpression(unwrap(initializer)) || !speaksOf(initializer, inputs)) continue
      const isChosen = speaksOf(initializer, lively)
      for (const alias of boundNames(name)) {
        inputs.add(alias)
        if (isChosen) lively.add(alias)
      }
    }
  }
  return { ...handler, inputs, lively }
}

/** Whether an expression is computed from one of the inputs: `id`, `props.id`, or `event.target` of `event`. */
export function speaksOf(node: ts.Node, inputs: ReadonlySet<string>): boolean {
  if ((ts.isIdentifier(node) || ts.isPropertyAccessExpression(node)) && inputs.has(node.getText())) return true
  if (ts.isPropertyAccessExpression(node)) return speaksOf(node.expression, inputs)
  return forEachChild(node, (child) => speaksOf(child, inputs)) ?? false
}

/**
 * Whether the framework sends such requests one after another, so that none is overtaken: calls of functions of the server,
 * from a module that begins with `'use server'`.
 */
export function isAnsweredInOrder(request: ts.Node, types: TypeQuestions): boolean {
  if (ts.isCallExpression(request) && ts.isIdentifier(unwrap(request.expression))) {
    const [declaration] = types.symbol(unwrap(request.expression))?.declarations ?? []
    const [first] = declaration?.getSourceFile().statements ?? []
    return (
      first !== undefined
      && ts.isExpressionStatement(first)
      && ts.isStringLiteral(first.expression)
      && first.expression.text === 'use server'
    )
  }
  return false
}

/** `setRows(…)` of `const [rows, setRows] = useState(…)`; `rows.value = …` of `const rows = ref(…)`. */
export function isViewWrite(node: ts.Node, types: TypeQuestions): boolean {
  if (ts.isCallExpression(node)) {
    const callee = unwrap(node.expression)
    return ts.isIdentifier(callee) && isSetter(callee, types)
  }
  if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== ts.SyntaxKind.EqualsToken) return false
  const target = unwrap(node.left)
  if (!ts.isPropertyAccessExpression(target) || target.name.text !== 'value') return false
  const holder = unwrap(target.expression)
  return ts.isIdentifier(holder) && madeBy(types.localSymbol(holder)?.valueDeclaration, /^(?:shallowR|r)ef$/u)
}

/** Whether a name is the setter that `useState` or `useReducer` gave. */
export function isSetter(name: ts.Identifier, types: TypeQuestions): boolean {
  if (!/^(?:set|dispatch)(?=[A-Z]|$)/u.test(name.text)) return false
  return madeBy(types.localSymbol(name)?.valueDeclaration, /^use(?:\w*State|Reducer)$/u)
}

function madeBy(declaration: ts.Declaration | undefined, name: RegExp): boolean {
  const variable =
    declaration && ts.isBindingElement(declaration) ? ts.walkUpBindingElementsAndPatterns(declaration) : declaration
  if (!variable || !ts.isVariableDeclaration(variable) || !variable.initializer) return false
  const made = unwrap(variable.initializer)
  return ts.isCallExpression(made) && name.test(calleeName(made) ?? '')
}
