/** An HTTP server that bounds and groups its work with the library, under load. Tells how much memory it takes. */
import { grouping } from './answers.ts'
import { begin, exactThreadTime, report } from './report.ts'
import { UnderLoad } from './underLoad.ts'

const WARM_UP = 8_000
const MEASURED = 30_000

begin()
using load = await UnderLoad.serve(grouping())
await load.requests(WARM_UP)
const start = exactThreadTime()
await load.requests(MEASURED)
report({ figure: ((exactThreadTime() - start) * 1000) / MEASURED })
