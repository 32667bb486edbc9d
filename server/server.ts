import { createConnection, ProposedFeatures } from 'vscode-languageserver/node'
import { describeError } from './guard.ts'
import { serve } from './session.ts'

const connection = createConnection(ProposedFeatures.all)

// A mistake in one answer must not take the findings of every file with it.
process.on('uncaughtException', (error) => {
  connection.console.error(`Unexpected error: ${describeError(error)}`)
})
process.on('unhandledRejection', (error) => {
  connection.console.error(`Unexpected error: ${describeError(error)}`)
})

serve(connection)
connection.listen()
