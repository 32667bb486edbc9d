/** The languages whose files the rules read. */
export const LANGUAGES = ['typescript', 'typescriptreact', 'javascript', 'javascriptreact'] as const

/** Files on disk and documents that were never saved; not the old revisions that Git shows. */
export const DOCUMENT_SELECTOR = LANGUAGES.flatMap((language) =>
  ['file', 'untitled'].map((scheme) => ({ language, scheme })),
)

/**
 * What the findings of an open file may depend on. Any JSON file may be extended by a tsconfig.json or imported. VS Code
 * reads no braces within braces.
 */
export const WATCHED_FILES = '**/{*.ts,*.tsx,*.mts,*.cts,*.js,*.jsx,*.mjs,*.cjs,*.json,pnpm-workspace.yaml}'
