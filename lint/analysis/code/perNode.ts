import type ts from 'typescript'

/**
 * Remembers what the syntax of a node tells, and nothing but its syntax: an incremental parse keeps the trees of what did
 * not change, so that the answer lasts through edits elsewhere in the file.
 */
export function perNode<Node extends ts.Node, Answer>(read: (node: Node) => Answer): (node: Node) => Answer {
  const answers = new WeakMap<Node, { readonly answer: Answer }>()
  return (node) => {
    let known = answers.get(node)
    if (!known) answers.set(node, (known = { answer: read(node) }))
    return known.answer
  }
}
