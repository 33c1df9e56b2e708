// What the hub's API tells, as the page reads it. Times are ISO 8601 in UTC.

export type RunState = "queued" | "running" | "succeeded" | "failed" | "cancelled";

export interface RunError {
  kind: string;
  message: string;
  exception_type: string;
  node: string | null;
  node_type: string | null;
  inputs: Record<string, unknown>;
  traceback: string[];
}

export interface Output {
  id: number;
  url: string;
  node: string;
  kind: string;
  name: string;
  path: string;
  size: number;
  width: number | null;
  height: number | null;
  starred: boolean;
}

export interface Run {
  number: number;
  id: string;
  state: RunState;
  origin: "automation" | "api" | "prompt";
  workflow: string | null;
  automation: string | null;
  firing: string | null;
  parameters: Record<string, unknown>;
  tags: string[];
  priority: number;
  attempt: number;
  node_count: number;
  created_at: string;
  started_at: string | null;
  ended_at: string | null;
  seconds: number | null;
  error: RunError | null;
  outputs: Output[];
}

export interface GraphNode {
  class_type: string;
  inputs: Record<string, unknown>;
  _meta?: { title?: string };
}

export type Graph = Record<string, GraphNode>;

export interface NodeReport {
  node: string;
  class_type: string;
  cached: boolean;
  seconds: number;
  ui: Record<string, unknown> | null;
  display: string | null;
  blocked: string | null;
}

export interface ProgressPoint {
  attempt: number;
  node: string;
  value: number;
  maximum: number;
  at: string;
}

export interface RunDetails extends Run {
  graph: Graph;
  inputs: GivenFile[];
  nodes: NodeReport[];
  progress: ProgressPoint[];
  /** What is wrong with the workers that it waits for. */
  held_up: string | null;
}

/** A file that an input of a node names; `title` is what people call it. */
export interface GivenFile {
  node: string;
  input: string;
  name: string;
  title: string;
  url: string;
}

/** An output in the gallery, with where it comes from. */
export interface Piece extends Output {
  tags: string[];
  created_at: string;
  run: number;
  workflow: string | null;
  automation: string | null;
}

export interface TriggerStatus {
  id: string;
  kind: string;
  state: string;
  reason: string;
  next_times: string[];
}

export interface Automation {
  id: string;
  alias: string;
  description: string;
  state: "on" | "off" | "unavailable";
  reason: string;
  mistakes: string;
  waiting: number;
  triggers: TriggerStatus[];
  /** Its latest firing. */
  last: Firing | null;
}

export interface Verdict {
  condition: string;
  passed: boolean;
  details: string;
  is_mistake: boolean;
}

export interface Firing {
  id: string;
  automation: string;
  event: string;
  state: "waiting" | "running" | "succeeded" | "failed" | "stopped" | "dropped";
  reason: string | null;
  verdicts: Verdict[];
  created_at: string;
  ended_at: string | null;
}

export interface Step {
  key: string;
  action: string;
  state: string;
  started_at: string;
  ended_at: string | null;
  result: unknown;
  error: string | null;
}

export interface PlannedStep {
  key: string;
  action: string;
  alias: string;
}

/** A firing in a list, with what happened. */
export interface Happened extends Firing {
  platform: string | null;
  /** In a word; empty where there is none for it. */
  subject: string;
}

export interface FiringDetails extends Happened {
  trigger: Record<string, unknown>;
  /** What it is to carry out, also what it may never reach. */
  actions: PlannedStep[];
  steps: Step[];
  runs: { number: number; id: string; state: RunState }[];
}

export interface Device {
  name: string;
  type: string;
  total: number;
  free: number;
}

export interface Worker {
  name: string;
  state: string;
  ready: boolean;
  reason: string | null;
  retry_in: number | null;
  /** When and why the process before this one ended, if it was ready. */
  ended_at: string | null;
  ended_why: string | null;
  device: string;
  hardware: string | null;
  packs: string[];
  runs: string[];
  models: { name: string; part: string; device: string; bytes: number }[];
  devices: Device[];
}

/** How many runs ended in one hour. */
export interface Hour {
  at: string;
  succeeded: number;
  failed: number;
  cancelled: number;
}

export interface QuarantinedFile {
  automation: string;
  path: string;
  name: string;
  reason: string;
  seen_at: string;
}

export interface Status {
  remaining: number;
  waiting: number;
  held_up: { count: number; reason: string }[];
  workers: Worker[];
  paused: boolean;
  safe: boolean;
  configuration: {
    read_at: string;
    refused: string | null;
    mistakes: string[];
    warnings: string[];
    after_restart: string[];
  };
  disk_free: number;
  disk_total: number;
  editor: boolean;
  quarantined: QuarantinedFile[];
  /** Moments of schedules in the last day that were not made up for. */
  missed: { automation: string; count: number; latest: string }[];
  /** What should have begun, and has not. */
  overdue: { automation: string; since: string }[];
}

export interface Parameter {
  type: string;
  required: boolean;
  default: unknown;
  min?: number | null;
  max?: number | null;
  options?: string[] | null;
  multiline?: boolean;
  label?: string;
  /** What the graph has, which stays where nothing else is given. */
  held?: unknown;
}

export interface Workflow {
  name: string;
  title: string;
  parameters: Record<string, Parameter>;
}

export interface Notice {
  type: string;
  run?: Partial<Run> & { id: string; number: number };
  node?: string;
  nodes?: string[];
  value?: number;
  maximum?: number;
  cached?: boolean;
  [field: string]: unknown;
}

export interface Plan {
  automation: string;
  alias: string;
  trigger: string;
  times: string[];
  more: boolean;
  seconds: number | null;
}

export interface Webhook {
  webhook: string;
  automation: string;
  alias: string;
  methods: string[];
  auth: string;
  respond: string;
  /** Whether its automation is at work. */
  listens: boolean;
}

export interface WebhookRequest {
  at: string;
  event?: string | null;
  state: string;
  reason?: string | null;
  [field: string]: unknown;
}

export interface Pack {
  name: string;
  folder: string;
  seconds: number;
  nodes: string[];
  error: string | null;
  traceback: string | null;
  problems: string[];
}

export interface ModelKind {
  kind: string;
  folders: string[];
  files: { name: string; size: number }[];
}

export interface MissingModel {
  node: string;
  class_type: string;
  kind: string;
  name: string;
  folder: string | null;
  suggestion: string | null;
}

export interface Explanation {
  automation: string;
  verdict: string;
  reason: string;
  event: string | null;
  firings: { id: string; state: string; reason: string | null }[];
  runs: { id: string; number: number; state: RunState; held_up: string | null }[];
  outputs: string[];
}

/** A file of automations as it is written. */
export interface AutomationText {
  name: string;
  text: string;
  version: string | null;
}

export interface Problem {
  file: string;
  line: number;
  column: number;
  message: string;
  value: string | null;
  suggestion: string | null;
  warning: boolean;
}

/** One setting that a form asks for. */
export interface FormField {
  name: string;
  kind: string;
  needed: boolean;
  help: string;
  default: string;
  options: string[];
  fields: FormField[];
}

export interface FormKind {
  name: string;
  about: string;
  fields: FormField[];
}

export interface Forms {
  automation: FormField[];
  triggers: FormKind[];
  conditions: FormKind[];
  actions: FormKind[];
}

/** Whoever looks at the page. */
export interface Me {
  user: string | null;
  role: string | null;
  scope: string | null;
}

export interface LogLine {
  number: number;
  at: string;
  level: string;
  /** With the level in brackets before it, and a traceback below. */
  text: string;
}

/** What a trigger would do that is still being written. */
export interface TriggerPreview {
  problem: string | null;
  times: string[];
  files: { name: string; written_at: string; against: string | null }[];
}

/** Which inputs of which nodes each parameter of a workflow fills. */
export type Fills = Record<string, { nodes: string[]; inputs: string[] }>;
