import module from 'node:module'

/**
 * Node keeps what it compiles of TypeScript and of ourselves in the system's folder for such, so that the next run need
 * not compile it again; the functions that this run came to included. Imported for what it does, before all that is large.
 */
if ('enableCompileCache' in module) module.enableCompileCache()
