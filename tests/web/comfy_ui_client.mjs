// What npm's comfy-ui-client is asked to do: connect, run a graph, fetch its pictures, and upload one.
import { ComfyUIClient } from "comfy-ui-client";
import { readFileSync } from "node:fs";
import { hasOutputs, holdUp } from "./held_up.mjs";

const [address, graph] = process.argv.slice(2);
const client = new ComfyUIClient(address.replace("http://", ""), "comfy-ui-client");
await client.connect();
await holdUp(address, client);
const pictures = Object.values(await client.getImages(JSON.parse(readFileSync(graph)))).flat();
const bytes = Buffer.from(await pictures[0].blob.arrayBuffer());
const told = {
  images: pictures.map((picture) => picture.image),
  bytes: bytes.length,
  uploaded: await client.uploadImage(bytes, "up.png"),
  remaining: (await client.getPrompt()).exec_info.queue_remaining,
  history: Object.values(await client.getHistory()).filter(hasOutputs).length,
};
await client.disconnect();
process.on("exit", () => console.log(JSON.stringify(told))); // after all that the package logs
