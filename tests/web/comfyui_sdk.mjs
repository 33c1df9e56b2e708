// Uses the package @saintno/comfyui-sdk as its readme says: node comfyui_sdk.mjs ADDRESS
// Prints what came of it as JSON.
import { CallWrapper, ComfyApi, PromptBuilder } from "@saintno/comfyui-sdk";

const graph = {
  1: { class_type: "EmptyImage", inputs: { width: 64, height: 64, batch_size: 1, color: 255 } },
  2: { class_type: "SaveImage", inputs: { images: ["1", 0], filename_prefix: "plain" } },
};
const api = new ComfyApi(process.argv[2]);
await api.init().waitForReady();
const upload = await api.uploadImage(Buffer.from("picture"), "up.png");
const stats = await api.getSystemStats();
const builder = new PromptBuilder(graph, ["width"], ["images"])
  .setInputNode("width", "1.inputs.width")
  .setOutputNode("images", "2")
  .input("width", 32);
const heard = [];
const result = await new CallWrapper(api, builder)
  .onPending(() => heard.push("pending"))
  .onStart(() => heard.push("start"))
  .onFinished(() => heard.push("finished"))
  .onFailed((error) => heard.push(`failed: ${error.message}`))
  .run();
const [image] = result.images.images;
const blob = await api.getImage(image);
const history = await api.getHistories(5);
const queue = await api.getQueue();
console.log(
  JSON.stringify({
    heard,
    image,
    bytes: blob.size,
    uploaded: upload.info.filename,
    system: stats.system.os,
    history: Object.keys(history).length,
    running: queue.queue_running.length,
  }),
);
process.exit(0);
