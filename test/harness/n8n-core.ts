export { n8nModules } from '@autopilot/workflow-test';
