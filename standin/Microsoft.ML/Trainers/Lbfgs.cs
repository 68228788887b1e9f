namespace Microsoft.ML.Trainers;

/// <summary>Minimises a smooth function with limited-memory BFGS (Nocedal and Wright, algorithm 7.5).</summary>
internal static class Lbfgs
{
    /// <summary>The value of the function at a point; fills the gradient.</summary>
    public delegate double Objective(double[] point, double[] gradient);

    private const int History = 10;

    public static void Minimize(Objective objective, double[] x, int iterations, double tolerance)
    {
        var gradient = new double[x.Length];
        var value = objective(x, gradient);
        var pairs = new Queue<(double[] Step, double[] Change, double Curvature)>();
        for (var iteration = 0; iteration < iterations && Norm(gradient) > tolerance; iteration++)
        {
            var direction = Direction(gradient, pairs);
            var slope = Dot(direction, gradient);
            if (slope >= 0)
            {
                pairs.Clear();
                direction = Scaled(gradient, -1);
                slope = -Dot(gradient, gradient);
            }
            var first = pairs.Count == 0 ? 1 / Math.Max(1, Norm(gradient)) : 1;
            if (!TryStep(objective, x, value, direction, slope, first, out var point, out var next, out var newValue))
                return;

            var step = Difference(point, x);
            var change = Difference(next, gradient);
            var curvature = Dot(step, change);
            if (curvature > 1e-12)
            {
                pairs.Enqueue((step, change, curvature));
                if (pairs.Count > History)
                    pairs.Dequeue();
            }
            var improvement = value - newValue;
            (value, gradient) = (newValue, next);
            point.CopyTo(x, 0);
            if (improvement <= tolerance * Math.Max(1, Math.Abs(value)))
                return;
        }
    }

    // Halves the step until the function falls enough (Armijo).
    private static bool TryStep(
        Objective objective, double[] x, double value, double[] direction, double slope, double length,
        out double[] point, out double[] gradient, out double newValue)
    {
        gradient = new double[x.Length];
        for (var halvings = 0; halvings < 40; halvings++, length /= 2)
        {
            point = new double[x.Length];
            for (var i = 0; i < x.Length; i++)
                point[i] = x[i] + (length * direction[i]);
            newValue = objective(point, gradient);
            if (newValue <= value + (1e-4 * length * slope))
                return true;
        }
        point = x;
        newValue = value;
        return false;
    }

    private static double[] Direction(
        double[] gradient, Queue<(double[] Step, double[] Change, double Curvature)> pairs)
    {
        var direction = Scaled(gradient, -1);
        var stack = new Stack<(double[] Step, double[] Change, double Curvature, double Weight)>();
        foreach (var (step, change, curvature) in pairs.Reverse())
        {
            var weight = Dot(step, direction) / curvature;
            AddScaled(direction, change, -weight);
            stack.Push((step, change, curvature, weight));
        }
        if (pairs.Count > 0)
        {
            var (_, change, curvature) = pairs.Last();
            var scale = curvature / Dot(change, change);
            for (var i = 0; i < direction.Length; i++)
                direction[i] *= scale;
        }
        foreach (var (step, change, curvature, weight) in stack)
            AddScaled(direction, step, weight - (Dot(change, direction) / curvature));
        return direction;
    }

    private static double Dot(double[] a, double[] b)
    {
        double sum = 0;
        for (var i = 0; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }

    private static double Norm(double[] a) => Math.Sqrt(Dot(a, a));

    private static double[] Scaled(double[] a, double scale) => Array.ConvertAll(a, v => v * scale);

    private static double[] Difference(double[] a, double[] b) => a.Select((v, i) => v - b[i]).ToArray();

    private static void AddScaled(double[] target, double[] a, double scale)
    {
        for (var i = 0; i < target.Length; i++)
            target[i] += scale * a[i];
    }
}
