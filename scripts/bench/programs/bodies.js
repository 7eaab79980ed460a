// Five bodies that attract each other, for n steps; what is left of their energy.
const n = Number(require("fs").readFileSync(0, "utf8"));
const bodies = [0, 1, 2, 3, 4].map((i) => {
  const [x, y, z] = [0, 1, 2].map((k) => ((i * 7 + k * 3) % 11) - 5);
  const [vx, vy, vz] = [0, 1, 2].map((k) => ((i * 5 + k * 2) % 7) / 10 - 0.3);
  return { x, y, z, vx, vy, vz, mass: 1 + i };
});

function step(dt) {
  for (let i = 0; i < bodies.length; i++) {
    const a = bodies[i];
    for (let j = i + 1; j < bodies.length; j++) {
      const b = bodies[j];
      const dx = a.x - b.x;
      const dy = a.y - b.y;
      const dz = a.z - b.z;
      const square = dx * dx + dy * dy + dz * dz + 0.01;
      const pull = dt / (square * Math.sqrt(square));
      a.vx -= dx * b.mass * pull;
      a.vy -= dy * b.mass * pull;
      a.vz -= dz * b.mass * pull;
      b.vx += dx * a.mass * pull;
      b.vy += dy * a.mass * pull;
      b.vz += dz * a.mass * pull;
    }
  }
  for (const body of bodies) {
    body.x += dt * body.vx;
    body.y += dt * body.vy;
    body.z += dt * body.vz;
  }
}

for (let i = 0; i < n; i++) step(0.001);
const energy = bodies.reduce(
  (sum, { mass, vx, vy, vz }) => sum + 0.5 * mass * (vx ** 2 + vy ** 2 + vz ** 2),
  0,
);
console.log(energy.toFixed(6));
