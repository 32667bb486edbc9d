import { defineConfig, globalIgnores } from 'eslint/config'
import tseslint from 'typescript-eslint'
import forkline from './lint/plugin/index.ts'
import { importDirection } from './scripts/house/importDirection.ts'

export default defineConfig(
  // The examples, the fixtures and the sites of the bench are wrong on purpose.
  globalIgnores([
    '**/dist/',
    '.build/',
    '.cache/',
    'coverage/',
    'examples/news-pipeline/',
    '**/fixtures/',
    'lint/plugin/types/',
  ]),
  {
    files: ['**/*.{ts,tsx,mts}'],
    extends: [tseslint.configs.strictTypeChecked, forkline.configs.strict],
    plugins: { house: { rules: { 'import-direction': importDirection } } },
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['vitest.config.mts'] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      'house/import-direction': ['error', import.meta.dirname],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // The members of `ts.SyntaxKind` and the like are compared with ranges, on purpose.
      '@typescript-eslint/no-unsafe-enum-comparison': 'off',
      // `(error) => { … }` in one line reads no better over three.
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
    },
  },
)
