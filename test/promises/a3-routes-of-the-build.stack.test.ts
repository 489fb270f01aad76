import { manifestOfBuild, routeManifest } from '#test/support/route-manifest.ts';
import { promiseOf } from './promise.ts';

// The other parts of the row read the routes from the sources, so that they need no build: this one says that they may.
promiseOf('A3', 'the routes that are tried are those of the build', async () => {
  const built = (manifestOfBuild() ?? []).map((route) => JSON.stringify(route));
  const sources = routeManifest().map(({ hasPage: _hasPage, ...route }) => JSON.stringify(route));
  const unlike = [...built.filter((route) => !sources.includes(route)), ...sources.filter((route) => !built.includes(route))];
  return {
    tried: `${built.length} routes of the build`,
    measured: `${unlike.length} that differ${unlike.length === 0 ? '' : ` (${unlike.join('; ')})`}`,
    isKept: unlike.length === 0 && built.length > 15,
  };
});
