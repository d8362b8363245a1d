export { type Engine, runWorkflow, startEngine } from '@autopilot/workflow-test';
