package org.assay.importance;

/** A model that is an ensemble of trees and can say which, so that it is asked again faster. */
public interface TreeEnsemble {

  /**
   * The same model as a forest: its outputs are the model's but for rounding in the model's own
   * precision.
   *
   * @param width number of features of a row
   */
  Forest forest(int width);
}
