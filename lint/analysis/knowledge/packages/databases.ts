import { each, type Io, type PackageKnowledge, type KnownSlot } from './model.ts'

const DATABASE: Io = { '*': 'database' }
/** What database drivers offer besides queries. */
const SQL: Io = {
  '*': 'database',
  ...each('memory', 'escape escapeId format on release createPool sql relations eq and or inArray join raw'),
  createConnection: 'database',
}
const DOCUMENTS: Io = {
  '*': 'database',
  ...each('memory', 'db collection on ObjectId Schema model Types sort project'),
}
/** Redis pipelines commands over one connection: many at once cost memory, no connection each. */
const REDIS: Io = { '*': 'memory' }
const CLICKHOUSE_OPTIONS: KnownSlot = { index: 0, property: 'abort_signal' }

/** Databases and queues. */
export const DATABASES: Readonly<Record<string, PackageKnowledge>> = {
  pg: { io: { ...SQL, connect: 'database' } },
  postgres: { io: SQL },
  mysql2: { io: SQL },
  mysql: { io: SQL },
  'better-sqlite3': { io: REDIS },
  mssql: { io: SQL },
  knex: { io: SQL },
  kysely: {
    io: { execute: 'database', executeTakeFirst: 'database', executeTakeFirstOrThrow: 'database', stream: 'database' },
  },
  'drizzle-orm': { io: SQL },
  typeorm: {
    io: each(
      'database',
      'find findOne findOneBy findBy save insert update delete remove count query getMany',
      'getOne execute',
    ),
  },
  sequelize: {
    io: each('database', 'findAll findOne findByPk create bulkCreate update destroy count query save'),
  },
  '@prisma/client': {
    io: { ...DATABASE, ...each('memory', 'sql join raw empty $on $extends validator') },
  },
  mongodb: { io: DOCUMENTS },
  mongoose: { io: DOCUMENTS },
  '@supabase/supabase-js': {
    io: each('network', 'select insert update delete upsert rpc upload download'),
  },
  ioredis: { io: REDIS },
  '@upstash/redis': { io: REDIS },
  '@libsql/client': { io: SQL },
  '@vercel/postgres': { io: SQL },
  '@neondatabase/serverless': { io: SQL },
  '@planetscale/database': { io: SQL },
  oracledb: { io: each('database', 'getConnection execute executeMany') },
  'cassandra-driver': { io: each('database', 'execute batch') },
  '@mikro-orm/*': { io: each('database', 'find findOne findAll persistAndFlush flush nativeInsert nativeUpdate') },
  // One connection to a file.
  sqlite3: { io: REDIS },
  sqlite: { io: REDIS },
  '@clickhouse/client': {
    io: { query: 'database', insert: 'database', command: 'database', exec: 'database' },
    signals: { query: CLICKHOUSE_OPTIONS, command: CLICKHOUSE_OPTIONS, exec: CLICKHOUSE_OPTIONS },
  },
  'neo4j-driver': { io: { run: 'database', executeRead: 'database', executeWrite: 'database' } },
  redis: { io: REDIS },
  bullmq: { io: { ...REDIS, waitUntilFinished: 'network' } },
  amqplib: { io: { connect: 'network' } },
  kafkajs: { io: { send: 'network', sendBatch: 'network', connect: 'network' } },
}
