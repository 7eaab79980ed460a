// Computes for ever in workers, while the first thread waits for good.
const { Worker } = require("worker_threads");

const workers = [0, 1].map(() => new Worker("for (;;);", { eval: true }));
setInterval(() => workers.length, 1000);
