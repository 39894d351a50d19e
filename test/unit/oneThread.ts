import type * as os from 'node:os';
import { vi } from 'vitest';

// ONNX Runtime takes one thread for each processor. Vitest has a worker for each already. Threads that wait for each
// other on taken processors cost a fifth more time. Processes that tests start (command line, trainer) take all.
vi.mock('node:os', async (original) => ({ ...(await original<typeof os>()), availableParallelism: () => 1 }));
