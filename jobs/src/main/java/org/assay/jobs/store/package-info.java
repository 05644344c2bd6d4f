/**
 * Sealed runs on any Hadoop file system: who may write a run, where it is prepared, how it becomes
 * visible as a whole, and how it is read.
 *
 * <pre>
 * OUTPUT/TABLE/suite=NAME/run_id=ID/*.parquet    the tables of sealed runs
 * OUTPUT/_runs/ID/manifest.json                  written last: without it there is no run
 * OUTPUT/_runs/ID/_FAILED.json                   why the last attempt failed
 * OUTPUT/_runs/ID/claim-N.json, claim-N.beat     who works, or worked, on the run, and the last sign of life
 * OUTPUT/_staging/ID/tables-N/TABLE/             tables in the making, of claim N
 * OUTPUT/_staging/ID/tables-N/_manifest.json     all is staged: from here on the run is only moved into place
 * OUTPUT/_staging/ID/cells/FINGERPRINT/          finished units of work, kept for a later start
 * </pre>
 *
 * <p>{@link org.assay.jobs.store.RunStore} is the way in. Nothing here starts Spark; Parquet files
 * are written and read with the library that Spark brings along. Does not belong here: what the
 * tables say ({@code org.assay.report}), history over runs.
 */
package org.assay.jobs.store;
