import { execFileSync } from 'node:child_process'
import { rules } from '@forkline/lint'
import { describe, expect, it } from 'vitest'

const ids = rules.map(({ id }) => id)

/** What a consumer prints who gets the plugin as Node resolves it. */
function run(type: 'commonjs' | 'module', code: string): unknown {
  const args = [`--input-type=${type}`, '--eval', code]
  return JSON.parse(execFileSync(process.execPath, args, { cwd: import.meta.dirname, encoding: 'utf8' }))
}

describe('the built plugin (`npm run build`)', () => {
  it('is what `require` gives', () => {
    const code = `const plugin = require('eslint-plugin-forkline')
      console.log(JSON.stringify([plugin.meta.name, Object.keys(plugin.rules), Object.keys(plugin.configs)]))`
    expect(run('commonjs', code)).toEqual(['eslint-plugin-forkline', ids, ['recommended', 'strict']])
  })

  it('is the default export for ES modules, with its parts by name', () => {
    const code = `import plugin, { configs, meta, rules } from 'eslint-plugin-forkline'
      console.log(JSON.stringify([Object.keys(plugin.rules), plugin.rules === rules, plugin.configs === configs, meta.name]))`
    expect(run('module', code)).toEqual([ids, true, true, 'eslint-plugin-forkline'])
  })
})
