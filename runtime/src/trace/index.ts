/** What the reader of recordings and tests of it share with the recorder. */
export * from './chunks.ts'
export * from './format.ts'
