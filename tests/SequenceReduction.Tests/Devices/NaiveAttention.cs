namespace SequenceReduction.Tests.Devices;

/// <summary>Attention of one case written from its definition, in double precision, one query after another.</summary>
internal sealed class NaiveAttention
{
    private readonly AttentionCase _case;
    private readonly double[] _weights;

    public NaiveAttention(AttentionCase given)
    {
        _case = given;
        _weights = new double[given.Keys];
        Y = new double[given.Batch * given.Queries * given.Width];
        LogSumExp = new double[given.Batch * given.Heads * given.Queries];
        DQ = new double[Y.Length];
        DK = new double[given.Batch * given.Keys * given.Width];
        DV = new double[DK.Length];
        DBias = new double[given.Heads * given.BiasLength];
        DRelativeKeys = new double[given.RelativeKeys.Length];
        for (int b = 0; b < given.Batch; b++)
            for (int h = 0; h < given.Heads; h++)
                for (int i = 0; i < given.Queries; i++)
                    Query(b, h, i);
    }

    public double[] Y { get; }

    public double[] LogSumExp { get; }

    public double[] DQ { get; }

    public double[] DK { get; }

    public double[] DV { get; }

    public double[] DBias { get; }

    public double[] DRelativeKeys { get; }

    private void Query(int b, int h, int i)
    {
        int k = _case.HeadWidth, q = (b * _case.Queries + i) * _case.Width + h * k;
        double sum = 0, largest = double.NegativeInfinity;
        for (int j = 0; j < _case.Keys; j++)
            largest = Math.Max(largest, _weights[j] = Logit(b, h, i, j));
        for (int j = 0; j < _case.Keys; j++)
            sum += _weights[j] = double.IsNegativeInfinity(_weights[j]) ? 0 : Math.Exp(_weights[j] - largest);
        LogSumExp[(b * _case.Heads + h) * _case.Queries + i] = largest + Math.Log(sum);
        if (sum == 0)
            return;
        double mean = 0;
        for (int j = 0; j < _case.Keys; j++)
        {
            _weights[j] /= sum;
            for (int d = 0; d < k && _weights[j] > 0; d++)
            {
                Y[q + d] += _weights[j] * _case.V[Key(b, h, j) + d];
                mean += _weights[j] * _case.V[Key(b, h, j) + d] * _case.DY[q + d];
            }
        }

        for (int j = 0; j < _case.Keys; j++)
            if (_weights[j] > 0)
                KeyGradients(b, h, i, j, mean);
    }

    private void KeyGradients(int b, int h, int i, int j, double mean)
    {
        int q = (b * _case.Queries + i) * _case.Width + h * _case.HeadWidth, key = Key(b, h, j);
        double dWeight = 0;
        for (int d = 0; d < _case.HeadWidth; d++)
            dWeight += _case.DY[q + d] * _case.V[key + d];
        double dLogit = _weights[j] * (dWeight - mean);
        if (_case.BiasLength > 0)
            DBias[BiasIndex(h, i, j)] += dLogit;
        for (int d = 0; d < _case.HeadWidth; d++)
        {
            DV[key + d] += _weights[j] * _case.DY[q + d];
            DQ[q + d] += dLogit * _case.Scale * _case.K[key + d];
            DK[key + d] += dLogit * _case.Scale * _case.Q[q + d];
            if (_case.Distances == 0)
                continue;
            DQ[q + d] += dLogit * _case.Scale * _case.RelativeKeys[RelativeIndex(i, j) + d];
            DRelativeKeys[RelativeIndex(i, j) + d] += dLogit * _case.Scale * _case.Q[q + d];
        }
    }

    private double Logit(int b, int h, int i, int j)
    {
        if (_case.Valid is { } valid && valid[b * _case.Keys + j] == 0)
            return double.NegativeInfinity;
        if (_case.Causal && j > i + _case.Keys - _case.Queries)
            return double.NegativeInfinity;
        double logit = _case.BiasLength > 0 ? _case.Bias[BiasIndex(h, i, j)] : 0;
        int q = (b * _case.Queries + i) * _case.Width + h * _case.HeadWidth;
        for (int d = 0; d < _case.HeadWidth; d++)
        {
            double key = _case.K[Key(b, h, j) + d];
            if (_case.Distances > 0)
                key += _case.RelativeKeys[RelativeIndex(i, j) + d];
            logit += _case.Scale * _case.Q[q + d] * key;
        }

        return logit;
    }

    private int Key(int b, int h, int j) => (b * _case.Keys + j) * _case.Width + h * _case.HeadWidth;

    private int RelativeIndex(int i, int j) =>
        Math.Min(i + _case.Keys - _case.Queries - j, _case.Distances - 1) * _case.HeadWidth;

    private int BiasIndex(int h, int i, int j) => h * _case.BiasLength + j - _case.Starts[i] + _case.Origin;
}
