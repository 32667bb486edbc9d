import { toJsonSchema } from '@valibot/to-json-schema'
import { CONFIGURATION_FILE, configurationSchema } from '../../lint/configuration.ts'
import type { Output } from './output.ts'

/** The schema with which editors complete and check `forkline.json`; contributed through the manifest's `jsonValidation`. */
export function configurationSchemaFile(): Output {
  return {
    path: 'schemas/forkline.schema.json',
    text() {
      const schema = toJsonSchema(configurationSchema, { errorMode: 'throw' })
      const head = {
        title: CONFIGURATION_FILE,
        description: 'What a project adds to what Forkline knows of packages and names.',
      }
      return `${JSON.stringify({ ...head, ...schema, allowComments: true, allowTrailingCommas: true }, null, 2)}\n`
    },
  }
}
