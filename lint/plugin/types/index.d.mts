import type plugin from './index.cjs'

export const configs: typeof plugin.configs
export const meta: typeof plugin.meta
export const rules: typeof plugin.rules
declare const value: typeof plugin
export default value
