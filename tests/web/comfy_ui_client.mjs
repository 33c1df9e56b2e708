// What npm's comfy-ui-client is asked to do: connect, run a graph, fetch its pictures, and upload one.
import { ComfyUIClient } from "comfy-ui-client";
import { readFileSync } from "node:fs";
import { hasOutputs, holdUp } from "./held_up.mjs";

const [address, graph, hanging] = process.argv.slice(2);
const client = new ComfyUIClient(address.replace("http://", ""), "comfy-ui-client");
await client.connect();
holdUp(address, client, hanging);
const pictures = Object.values(await client.getImages(JSON.parse(readFileSync(graph)))).flat();
const bytes = Buffer.from(await pictures[0].blob.arrayBuffer());
const told = {
  images: pictures.map((picture) => picture.image),
  bytes: bytes.length,
  uploaded: await client.uploadImage(bytes, "up.png"),
  waiting: (await client.getQueue()).queue_pending.length,
  history: Object.values(await client.getHistory()).filter(hasOutputs).length,
};
await client.disconnect();
process.on("exit", () => console.log(JSON.stringify(told))); // after all that the package logs
