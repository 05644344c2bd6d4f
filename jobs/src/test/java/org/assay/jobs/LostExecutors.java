package org.assay.jobs;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.apache.spark.ExecutorLostFailure;
import org.apache.spark.SparkContext;
import org.apache.spark.Success$;
import org.apache.spark.TaskContext;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;

/**
 * A plugin of Spark that loses executors in mid-job, at the same place in every run: in each stage
 * whose description matches {@value #DURING}, the executor that begins the third task, or the last
 * of fewer, is gone at once, as if killed. The second attempt is left in peace.
 *
 * <p>By then one of two executors of one core has done a task of the stage. The executor ends
 * itself, for what a listener hears of a task comes late: the task might be over.
 *
 * <p>The driver says on standard output what came of it, a line each:
 *
 * <pre>
 *   lost executor ID during DESCRIPTION
 *   removed executor ID
 *   ran again: DESCRIPTION
 * </pre>
 */
public final class LostExecutors implements SparkPlugin {
  /** The setting with a regular expression. */
  static final String DURING = "spark.assay.lose.during";

  @Override
  public DriverPlugin driverPlugin() {
    return new DriverPlugin() {
      @Override
      public Map<String, String> init(SparkContext context, PluginContext plugin) {
        context.addSparkListener(new Witness());
        return Map.of(DURING, context.getConf().get(DURING));
      }
    };
  }

  @Override
  public ExecutorPlugin executorPlugin() {
    return new ExecutorPlugin() {
      private Pattern during;

      @Override
      public void init(PluginContext plugin, Map<String, String> settings) {
        during = Pattern.compile(settings.get(DURING));
      }

      @Override
      public void onTaskStart() {
        TaskContext task = TaskContext.get();
        if (task.stageAttemptNumber() == 0
            && task.attemptNumber() == 0
            && task.partitionId() == Math.min(2, task.numPartitions() - 1)
            && during.matcher(description(task.getLocalProperties())).find()) {
          Runtime.getRuntime().halt(137); // the exit code of a process that was killed
        }
      }
    };
  }

  private static String description(Properties properties) {
    return properties.getProperty("spark.job.description", "");
  }

  /** Tells what became of executors and their tasks. */
  private static final class Witness extends SparkListener {
    private final Map<Integer, String> descriptions = new ConcurrentHashMap<>();
    private final Set<List<Integer>> lost = new HashSet<>();

    @Override
    public void onStageSubmitted(SparkListenerStageSubmitted stage) {
      descriptions.put(stage.stageInfo().stageId(), description(stage.properties()));
    }

    @Override
    public void onTaskEnd(SparkListenerTaskEnd task) {
      List<Integer> which = List.of(task.stageId(), task.taskInfo().partitionId());
      String during = descriptions.get(task.stageId());
      if (task.reason() instanceof ExecutorLostFailure) {
        lost.add(which);
        System.out.println("lost executor " + task.taskInfo().executorId() + " during " + during);
      } else if (task.reason() == Success$.MODULE$ && lost.remove(which)) {
        System.out.println("ran again: " + during);
      }
    }

    @Override
    public void onExecutorRemoved(SparkListenerExecutorRemoved executor) {
      System.out.println("removed executor " + executor.executorId());
    }
  }
}
