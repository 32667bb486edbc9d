/** What the model has cost since the program started. */
export const totals = { calls: 0, tokens: 0 }
