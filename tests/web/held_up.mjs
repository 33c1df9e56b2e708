// Packages listen for the end of a run only after the hub's answer, and the worker of the tests would be quicker. So it
// has all that it can take, and lets go of one when the hub has answered for the run that is followed.

/** Have `client` cancel the run `hanging` when it has read the answer to its `queuePrompt`. */
export function holdUp(address, client, hanging) {
  const queuePrompt = client.queuePrompt.bind(client);
  const letGo = () => fetch(`${address}/api/hub/runs/${hanging}/cancel`, { method: "POST" });
  client.queuePrompt = async (...given) => {
    const answer = await queuePrompt(...given);
    setTimeout(letGo); // after those who wait for the answer
    return answer;
  };
}

/** Whether an entry of the history is of a run that made something, as the ones that went first did not. */
export function hasOutputs({ outputs }) {
  return Object.keys(outputs).length > 0;
}
