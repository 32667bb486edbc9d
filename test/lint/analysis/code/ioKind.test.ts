import ts from 'typescript'
import { describe, expect, test } from 'vitest'
import { FileAnalysis } from '../../../../lint/analysis/fileAnalysis.ts'
import { ioKindOf } from '../../../../lint/analysis/code/ioKind.ts'
import { absolute, programOf } from '../../harness/virtualProject.ts'

/** The kind of the last call in some code, whose packages are not installed. */
function kindIn(code: string): string | undefined {
  const program = programOf({ 'file.ts': code })
  const sourceFile = program.getSourceFile(absolute('file.ts'))
  if (!sourceFile) throw new Error('Expected the program to hold file.ts')
  let last: ts.CallExpression | undefined
  const visit = (node: ts.Node): void => {
    ts.forEachChild(node, visit)
    if (ts.isCallExpression(node)) last = node
  }
  visit(sourceFile)
  if (!last) throw new Error('Expected a call in the code')
  return ioKindOf(last, FileAnalysis.of(program, sourceFile).types)
}

describe('what a call reaches, by the names in it', () => {
  test.each([
    ['an export', 'import { readFile } from "node:fs/promises"\nreadFile("a")', 'file'],
    [
      'what is imported when it is wanted',
      'export const f = async () => { const request = (await import("superagent")).default; request("GET", "/") }',
      'network',
    ],
    [
      'a part of that',
      'export const f = async () => { const { readFile } = await import("node:fs/promises"); readFile("a") }',
      'file',
    ],
    [
      'a part that is read elsewhere',
      'export const f = async () => { const { join } = await import("node:path"); join("a") }',
      undefined,
    ],
    ['a method of an import', 'import axios from "axios"\naxios.get("/")', 'network'],
    [
      'what a client of queries starts',
      'import type { Client } from "@urql/core"\nexport const f = (client: Client) => client.query("{ a }", {})',
      'network',
    ],
    ['a client that nobody sees', 'declare const crmClient: any\ncrmClient.listContacts()', 'network'],
    ['what a client that nobody sees keeps', 'declare const crmClient: any\ncrmClient.getOptions()', undefined],
    ['a client that keeps what it has', 'declare const queryClient: any\nqueryClient.fetchContacts()', undefined],
    [
      'a client of the program',
      'class Crm { listContacts() { return [] } }\nexport const f = (crmClient: Crm) => crmClient.listContacts()',
      undefined,
    ],
    ['a process that is waited for', 'import spawn from "cross-spawn"\nspawn.sync("npm", ["install"])', undefined],
    ['one more client of git', 'import { simpleGit } from "simple-git"\nsimpleGit("a")', 'process'],
    ['git, five at a time', 'import { simpleGit } from "simple-git"\nconst git = simpleGit()\ngit.log()', 'stat'],
    [
      'a sender of mail',
      'import { TransactionalEmailsApi } from "@getbrevo/brevo"\nconst api = new TransactionalEmailsApi()\napi.sendTransacEmail({})',
      'network',
    ],
    [
      'what prepares a sender of mail',
      'import { TransactionalEmailsApi } from "@getbrevo/brevo"\nconst api = new TransactionalEmailsApi()\napi.setApiKey("a")',
      undefined,
    ],
    [
      'a store of files',
      'import { Dropbox } from "dropbox"\nexport const f = (box: Dropbox) => box.filesUpload({})',
      'network',
    ],
    ['a file system that waits for descriptors', 'import fs from "fs-extra"\nfs.readFile("a")', 'stat'],
    [
      'a client by its class',
      'import OpenAI from "openai"\nconst client = new OpenAI()\nclient.chat.completions.create({})',
      'model',
    ],
    [
      'a client by its type',
      'import type { Client } from "@notionhq/client"\nexport const f = (client: Client) => client.pages.retrieve({})',
      'network',
    ],
    [
      'a model behind a cloud',
      'import { BedrockRuntimeClient } from "@aws-sdk/client-bedrock-runtime"\nconst client = new BedrockRuntimeClient({})\nclient.send({})',
      'model',
    ],
    [
      'a client that a getter makes',
      'import { Octokit } from "@octokit/rest"\nclass A { get client() { const client = new Octokit({}); return client }\n async ask() { await this.client.repos.get({}) } }',
      'network',
    ],
    [
      'a client that a method makes',
      'import { BedrockRuntimeClient } from "@aws-sdk/client-bedrock-runtime"\nclass A { async open() { return new BedrockRuntimeClient({}) }\n async ask() { const client = await this.open(); await client.send({}) } }',
      'model',
    ],
    [
      'a client that is made when it is first wanted',
      'import OpenAI from "openai"\nclass A { #llm?: OpenAI\n open() { return this.#llm ??= new OpenAI() }\n async ask() { const llm = this.open(); await llm.responses.create({}) } }',
      'model',
    ],
    [
      'a client that a variable of the module keeps',
      'import OpenAI from "openai"\nlet kept: OpenAI | undefined\nfunction open() { if (!kept) kept = new OpenAI()\n return kept }\nexport async function f() { const llm = open(); await llm.responses.create({}) }',
      'model',
    ],
    [
      'a client that a function says it gives',
      'import type { S3Client } from "@aws-sdk/client-s3"\ndeclare function open(): Promise<S3Client>\nasync function f() { const s3 = await open(); s3.send({}) }',
      'network',
    ],
    ['an embedder', 'declare const given: any\ngiven.embedder.embed("a")', 'model'],
    ['an embedder by what it does', 'declare const given: any\ngiven.embedQuery("a")', 'model'],
    ['a model by what it does', 'declare const given: any\ngiven.model.generateContent("a")', 'model'],
    ['a mailer', 'declare const mailer: any\nmailer.sendMail({})', 'network'],
    ['a mailer by what it does', 'declare const given: any\ngiven.transport.sendMail({})', 'network'],
    ['the files of an editor', 'import * as vscode from "vscode"\nvscode.workspace.fs.readFile(0)', 'file'],
  ])('%s', (_, code, expected) => {
    expect(kindIn(code)).toBe(expected)
  })

  test.each([
    [
      'a list of what a package has a type for',
      'import type { Parts } from "@google/genai"\nexport const f = (parts: Parts) => parts.map(String)',
    ],
    [
      'a text, by a type of a package',
      'import type { Id } from "@notionhq/client"\nexport const f = (id: Id) => id.replace("-", "")',
    ],
    ['what a client makes without asking anybody', 'import axios from "axios"\naxios.create({})'],
    [
      'what was asked of a client',
      'import axios from "axios"\nconst load = async () => axios.get("/")\nexport async function f() { const answer = await load(); answer.pick() }',
    ],
    [
      'credentials, which the first request asks for',
      'import { fromStatic } from "@aws-sdk/token-providers"\nfromStatic({})',
    ],
    ['what a URL itself holds', 'fetch(`data:text/plain;base64,${1}`)'],
    ['the same in quotes', 'fetch("data:text/plain,a")'],
    ['a synchronous call', 'import { readFileSync } from "node:fs"\nreadFileSync("a")'],
  ])('nothing: %s', (_, code) => {
    expect(kindIn(code)).toBeUndefined()
  })
})
