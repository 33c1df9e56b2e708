// A command of ComfyUI's editor: File → Save as workflow of the hub.
import { app } from "../../scripts/app.js";

const COMMAND = "WorkflowHub.SaveWorkflow";

app.registerExtension({
  name: "workflow-hub.saveWorkflow",
  commands: [
    {
      id: COMMAND,
      label: "Save as workflow of the hub",
      icon: "pi pi-save",
      function: saveWorkflow,
    },
  ],
  menuCommands: [{ path: ["File"], commands: [COMMAND] }],
});

async function saveWorkflow() {
  const { dialog, toast } = app.extensionManager;
  const title = "Save as workflow of the hub";
  const name = await dialog.prompt({ title, message: "Its name: small letters, digits and _" });
  if (!name) return;
  const { output } = await app.graphToPrompt();
  let answer = await post(name, output, false);
  if (answer.status === 409) {
    const message = `There is a workflow ${name} already. Shall it be replaced?`;
    if (!(await dialog.confirm({ title, message }))) return;
    answer = await post(name, output, true);
  }
  const told = await answer.json();
  if (answer.ok) {
    toast.add({ severity: "success", summary: `Workflow ${name} is saved`, life: 5000 });
  } else {
    toast.add({ severity: "error", summary: "It was not saved", detail: told.error.message });
  }
}

function post(name, graph, replace) {
  const query = new URLSearchParams({ name, replace });
  return fetch(`/api/hub/workflows/import?${query}`, {
    method: "POST",
    body: JSON.stringify(graph),
  });
}
