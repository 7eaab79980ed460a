// Connects to a server of the host, and fetches from the world.
const net = require("net");
const fs = require("fs");

const [, port, name] = fs.readFileSync(0, "utf8").split(/\s+/);
const reach = (options) =>
  new Promise((resolve) => {
    const socket = net.connect(options, () => resolve(JSON.stringify(options)));
    socket.on("error", () => resolve(null));
  });
Promise.all([
  reach({ host: "127.0.0.1", port: Number(port) }),
  reach({ path: `\0${name}` }),
  fetch("http://192.0.2.1/").then(
    () => "fetched",
    () => null,
  ),
]).then((all) => {
  const allowed = all.filter((one) => one !== null);
  console.log(allowed.length === 0 ? "contained" : allowed.join(" "));
  process.exit(0);
});
