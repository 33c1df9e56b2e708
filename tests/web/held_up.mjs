// Another run goes first, and ends once the hub has answered for the one that is followed: packages listen
// for the end of a run only after that answer, and the worker of the tests would be quicker.

const SIZE = { width: 8, height: 8, batch_size: 1, color: 0 };
const HANGING = {
  1: { class_type: "EmptyImage", inputs: { ...SIZE, fake: "hang" } },
  2: { class_type: "SaveImage", inputs: { images: ["1", 0], filename_prefix: "held" } },
};

/** Begin such a run, and have `client` end it when it has read the answer to its `queuePrompt`. */
export async function holdUp(address, client) {
  const send = (path, body) => fetch(address + path, { method: "POST", body: JSON.stringify(body) });
  const { prompt_id } = await (await send("/prompt", { prompt: HANGING })).json();
  const queuePrompt = client.queuePrompt.bind(client);
  client.queuePrompt = async (...given) => {
    const answer = await queuePrompt(...given);
    setTimeout(() => send(`/api/hub/runs/${prompt_id}/cancel`)); // after those who wait for the answer
    return answer;
  };
}

/** Whether an entry of the history is of a run that made something, as the one that went first did not. */
export function hasOutputs({ outputs }) {
  return Object.keys(outputs).length > 0;
}
