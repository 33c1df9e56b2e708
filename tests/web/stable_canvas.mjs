// What npm's @stable-canvas/comfyui-client is asked to do: run a graph and follow it to its pictures.
import { Client } from "@stable-canvas/comfyui-client";
import { readFileSync } from "node:fs";
import WebSocket from "ws";
import { hasOutputs, holdUp } from "./held_up.mjs";

const [address, graph, hanging] = process.argv.slice(2);
const client = new Client({ api_host: address.replace("http://", ""), WebSocket });
await client.connect();
holdUp(address, client, hanging);
const ended = new Promise((resolve) => client.on("execution_success", resolve));
const result = await client.enqueue(JSON.parse(readFileSync(graph)));
await ended; // the pictures are told of before
const told = {
  images: result.images.map((image) => image.data),
  history: (await client.getHistory()).History.filter(hasOutputs).length,
  waiting: (await client.getQueue()).Pending.length,
};
console.log(JSON.stringify(told));
process.exit(0);
