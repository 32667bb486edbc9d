const LIMIT_MS = 30_000
const INTERVAL_MS = 25

/**
 * Asks again and again until the answer is neither `false` nor `undefined`, and gives that answer.
 *
 * @param expected What is awaited, for the error message.
 * @param describe What is the case instead, for the error message.
 * @throws {Error} After 30 seconds.
 */
export async function eventually<Answer>(
  expected: string,
  ask: () => Answer | false | undefined | Promise<Answer | false | undefined>,
  describe: () => string = () => 'it never came',
): Promise<Answer> {
  const deadline = performance.now() + LIMIT_MS
  for (;;) {
    const answer = await ask()
    if (answer !== false && answer !== undefined) return answer
    if (performance.now() > deadline) {
      throw new Error(`Waited ${String(LIMIT_MS / 1000)} seconds for ${expected}; ${describe()}`)
    }
    await new Promise((resolve) => setTimeout(resolve, INTERVAL_MS))
  }
}
