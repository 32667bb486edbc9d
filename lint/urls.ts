/** Where the source lives. */
export const REPOSITORY_URL = 'https://github.com/forkline/forkline'

/** Where a person reports a rule that fails. */
export const ISSUES_URL = `${REPOSITORY_URL}/issues`

/** The page that explains a rule, given its bare id. */
export function ruleUrl(ruleId: string): string {
  return `${REPOSITORY_URL}/blob/main/docs/rules/${ruleId}.md`
}
