/**
 * The orders in which the tests of a suite are run: a design whose replicates give each test its
 * place.
 *
 * <p>A {@link org.assay.order.Suite} is the list of tests, numbered from 0, and the container
 * (class, module, file) of each. An {@link org.assay.order.OrderPlan} is what a user asks for;
 * planned for a suite it is a list of {@link org.assay.order.Order}s and a {@link
 * org.assay.order.Coverage} that says which share of the ordered pairs of tests is exercised. Every
 * order is a pure function of (seed, kind, number).
 *
 * <p>Does not belong here: how an order is run, and what its outcomes mean ({@code flaky}).
 */
package org.assay.order;
