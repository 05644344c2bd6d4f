/**
 * The report: one record per table, what they have in common, the hash of their content and the
 * manifest of a sealed run.
 *
 * <p>A table is a record, and the record is the contract: the names of its columns are its
 * components in snake_case, their types those of {@link org.assay.report.Column.Type}. {@link
 * org.assay.report.Tables} lists the tables; to add one, write its record and one line there.
 *
 * <p>In all tables: an empty text means "does not apply" or "all", NaN means "not defined" (the
 * reason stands beside it), null means "not known" and is allowed in {@link
 * org.assay.report.Nullable} columns only. Repeats, folds and replicates count from 0.
 *
 * <p>Does not belong here: files and file systems ({@code org.assay.jobs.store}), pages, anything
 * that computes a number.
 */
package org.assay.report;
